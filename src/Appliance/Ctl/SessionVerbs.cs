using Blackwall.Client;
using Blackwall.Client.Sessions;

namespace Blackwall.Ctl;

/// <summary>The verbs about sessions of the tarpit.</summary>
internal static class SessionVerbs
{
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
            string about = happened.Kind switch
            {
                "login" => $"{happened.User} / {happened.Secret}{(happened.Success == true ? ", let in" : "")}",
                "upload" => $"{happened.Name} {happened.Sha256}",
                "forward" => $"{happened.Host} {happened.Port}",
                _ => happened.Text ?? happened.Name ?? "",
            };
            table.Add(CtlViews.Time(happened.Time, "-"), happened.Kind, about);
        }

        CtlViews.Page(output, error, table, page.NextCursor);
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
}
