using Terminal.Gui.Input;

namespace Blackwall.Tui.Widgets;

/// <summary>What keys and wheel mean for a list, in rows.</summary>
internal static class Scrolling
{
    public const int ToStart = int.MinValue;
    public const int ToEnd = int.MaxValue;
    private const int Wheel = 3;

    /// <summary>Null: the key is not for scrolling.</summary>
    public static int? Step(Key key, int page) => key switch
    {
        _ when key == Key.CursorUp || IsLetter(key, 'k') => -1,
        _ when key == Key.CursorDown || IsLetter(key, 'j') => 1,
        _ when key == Key.PageUp => -Math.Max(1, page - 1),
        _ when key == Key.PageDown => Math.Max(1, page - 1),
        _ when key == Key.Home => ToStart,
        _ when key == Key.End => ToEnd,
        _ => null,
    };

    private static bool IsLetter(Key key, char letter) => !key.IsCtrl && !key.IsAlt && key.AsRune.Value == letter;

    /// <summary>0: the mouse does something else.</summary>
    public static int Step(Mouse mouse) =>
        mouse.Flags.HasFlag(MouseFlags.WheeledDown) ? Wheel : mouse.Flags.HasFlag(MouseFlags.WheeledUp) ? -Wheel : 0;

    public static int Apply(int step, int from, int count) => step switch
    {
        ToStart => 0,
        ToEnd => Math.Max(0, count - 1),
        _ => Math.Clamp(from + step, 0, Math.Max(0, count - 1)),
    };
}
