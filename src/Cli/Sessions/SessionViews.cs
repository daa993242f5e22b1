using System.Net;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Sessions;

namespace Blackwall.Cli.Sessions;

/// <summary>Sessions of the tarpit as an operator reads them.</summary>
internal static class SessionViews
{
    public static Table Table(IReadOnlyList<Session> sessions)
    {
        Table table = new("ID", "STARTED", "ENDED", "SOURCE", "ASKED FOR", "USER", "LOGINS", "COMMANDS", "FILES", "CLIENT");
        foreach (Session session in sessions)
        {
            table.Add(
                session.Id,
                Moment.Text(session.Started, "-"),
                Moment.Text(session.Ended, "goes on"),
                session.Source,
                new IPEndPoint(IPAddress.Parse(session.Destination), session.DestinationPort).ToString(),
                session.User ?? "",
                ApiCall.Number(session.Logins),
                ApiCall.Number(session.Commands),
                ApiCall.Number(session.Files.Count),
                session.Client ?? "");
        }

        return table;
    }

    public static Table Transcript(IReadOnlyList<SessionEvent> events)
    {
        Table table = new("TIME", "WHAT", "");
        foreach (SessionEvent happened in events)
        {
            table.Add(Moment.Text(happened.Time, "-"), happened.Kind, About(happened));
        }

        return table;
    }

    public static string Line(SessionEvent happened) => $"{Moment.Text(happened.Time, "-")}  {happened.Kind,-16} {About(happened)}";

    private static string About(SessionEvent happened) => happened.Kind switch
    {
        "login" => $"{happened.User} / {happened.Secret}{(happened.Success == true ? ", let in" : "")}",
        "upload" => $"{happened.Name} {happened.Sha256}",
        "forward" => $"{happened.Host} {happened.Port}",
        _ => happened.Text ?? happened.Name ?? "",
    };
}
