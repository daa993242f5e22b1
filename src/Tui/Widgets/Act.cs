using Terminal.Gui.Input;

namespace Blackwall.Tui.Widgets;

/// <summary>Something the operator can do: by a key, by a click on the line of keys, and explained in the help.</summary>
/// <param name="Key">A letter, or a key such as Enter.</param>
/// <param name="Name">The key as it is shown.</param>
/// <param name="Label">One or two words.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Run">Does it.</param>
internal sealed record Act(Key Key, string Name, string Label, string Help, Action Run)
{
    public Act(char letter, string label, string help, Action run)
        : this(new Key(letter), letter.ToString(), label, help, run)
    {
    }

    /// <summary>Whether this key means it. Letters are compared as letters: terminals differ in how they report Shift.</summary>
    public bool IsFor(Key key) => Name.Length == 1
        ? !key.IsCtrl && !key.IsAlt && key.AsRune.Value == Name[0]
        : key == Key;
}
