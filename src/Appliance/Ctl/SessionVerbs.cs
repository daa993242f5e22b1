using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Sessions;

namespace Blackwall.Ctl;

/// <summary>The verbs about sessions of the tarpit.</summary>
internal static class SessionVerbs
{
    private static readonly TimeSpan s_followEvery = TimeSpan.FromSeconds(1);

    public static void List(TextWriter output, TextWriter error, SessionPage page)
    {
        Table table = new("ID", "STARTED", "ENDED", "SOURCE", "ASKED FOR", "USER", "LOGINS", "COMMANDS", "FILES", "CLIENT");
        foreach (Session session in page.Items)
        {
            table.Add(
                session.Id,
                CtlViews.Time(session.Started, "-"),
                CtlViews.Time(session.Ended, "goes on"),
                session.Source,
                new System.Net.IPEndPoint(System.Net.IPAddress.Parse(session.Destination), session.DestinationPort).ToString(),
                session.User ?? "",
                CtlViews.Text(session.Logins),
                CtlViews.Text(session.Commands),
                CtlViews.Text(session.Files.Count),
                session.Client ?? "");
        }

        CtlViews.Page(output, error, table, page.NextCursor);
    }

    public static void Transcript(TextWriter output, TextWriter error, SessionEventPage page)
    {
        Table table = new("TIME", "WHAT", "");
        foreach (SessionEvent happened in page.Items)
        {
            table.Add(CtlViews.Time(happened.Time, "-"), happened.Kind, About(happened));
        }

        CtlViews.Page(output, error, table, page.NextCursor);
    }

    /// <summary>Prints what happens in a session line by line until it ends or the operator ends it.</summary>
    public static async Task FollowAsync(CtlLine line, ApplianceClient api, TextWriter output, CancellationToken cancellation)
    {
        int seen = 0;
        while (!cancellation.IsCancellationRequested)
        {
            string query = seen == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"cursor={seen}");
            Answer<SessionEventPage> answer = await api.Sessions.EventsAsync(line.Subject, query, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            SessionEventPage page = answer.Value ?? throw CtlClient.Failed(answer.Failure!);
            foreach (SessionEvent happened in page.Items)
            {
                await output.WriteLineAsync(Table.Plain($"{CtlViews.Time(happened.Time, "-")}  {happened.Kind,-16} {About(happened)}"));
            }

            await output.FlushAsync(CancellationToken.None);
            seen += page.Items.Count;
            if (page.Items is [.., { Kind: "close" }])
            {
                return;
            }

            if (page.NextCursor is null)
            {
                await Task.Delay(s_followEvery, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Copies a session's terminal to where the shell sends standard output; a terminal would do what the attacker's did.</summary>
    public static async Task CopyAsync(CtlLine line, ApplianceClient api, TextWriter output, CancellationToken cancellation)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
        {
            throw new CtlException(CtlExit.BadUsage, $"Write it to a file, and play that with asciinema: ./blackwall ctl session-terminal {line.Subject} > session.cast");
        }

        await using Stream to = Console.OpenStandardOutput();
        if (await api.Sessions.CopyTerminalAsync(line.Subject, to, cancellation) is { } failure)
        {
            throw CtlClient.Failed(failure);
        }
    }

    private static string About(SessionEvent happened) => happened.Kind switch
    {
        "login" => $"{happened.User} / {happened.Secret}{(happened.Success == true ? ", let in" : "")}",
        "upload" => $"{happened.Name} {happened.Sha256}",
        "forward" => $"{happened.Host} {happened.Port}",
        _ => happened.Text ?? happened.Name ?? "",
    };
}
