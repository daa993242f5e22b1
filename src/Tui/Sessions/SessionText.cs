using Blackwall.Client.Sessions;
using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Sessions;

/// <summary>Sessions and what happened in them as an operator reads them.</summary>
internal static class SessionText
{
    /// <summary>One line of a transcript.</summary>
    public static IReadOnlyList<Piece> Line(SessionEvent happened) =>
    [
        new Piece($" {Figures.Clock(happened.Time)} ", Tone.Dim),
        new Piece(CellText.Fit(happened.Kind, 16), ToneOf(happened)),
        new Piece($" {About(happened)}"),
    ];

    private static string About(SessionEvent happened) => happened.Kind switch
    {
        "login" => $"{happened.User} / {happened.Secret}{(happened.Success == true ? ", let in" : "")}",
        "upload" => $"{happened.Name} {happened.Sha256}",
        "forward" or "forward-data" => $"{happened.Name} {happened.Host} {happened.Port}",
        "request" => $"{happened.Name} {happened.Text}",
        _ => happened.Text ?? happened.Name ?? "",
    };

    private static Tone ToneOf(SessionEvent happened) => happened.Kind switch
    {
        "login" when happened.Success == true => Tone.Bad,
        "command" or "upload" or "download" => Tone.Strong,
        "connect" or "close" => Tone.Heading,
        "limit" => Tone.Warning,
        _ => Tone.Normal,
    };
}
