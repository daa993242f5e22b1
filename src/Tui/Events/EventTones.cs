using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Events;

/// <summary>How kinds of events look.</summary>
internal static class EventTones
{
    public static Tone For(string kind) => kind switch
    {
        "decision" => Tone.Strong,
        "lifted" => Tone.Good,
        "status" or "change" => Tone.Heading,
        "gap" => Tone.Warning,
        _ => Tone.Normal,
    };
}
