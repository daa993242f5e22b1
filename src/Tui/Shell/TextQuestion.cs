using Blackwall.Tui.Widgets;
using Terminal.Gui.Input;
using Terminal.Gui.Views;

namespace Blackwall.Tui.Shell;

/// <summary>A window that asks for one text.</summary>
internal static class TextQuestion
{
    /// <param name="desk">The console.</param>
    /// <param name="title">What it is for.</param>
    /// <param name="label">Before the field.</param>
    /// <param name="text">In the field at first.</param>
    /// <param name="hint">Behind the field.</param>
    /// <param name="verb">What Enter does.</param>
    /// <param name="answered">Takes the text, without blanks around it, when the window is closed.</param>
    public static void Ask(IDesk desk, string title, string label, string text, string hint, string verb, Action<string> answered)
    {
        TextField field = Form.TextOf(desk.Palette, text);
        Form form = new(desk.Palette, title, [new FormField(label, field, hint)], 1);
        form.Acts =
        [
            new Act(Key.Enter, "Enter", verb, "", () =>
            {
                string given = field.Text.Trim();
                desk.Close();
                answered(given);
            }),
            new Act(Key.Esc, "Esc", "Leave", "", desk.Close),
        ];
        desk.Open(form);
    }
}
