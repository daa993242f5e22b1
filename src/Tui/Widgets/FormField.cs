using Terminal.Gui.ViewBase;

namespace Blackwall.Tui.Widgets;

/// <summary>One thing that a form asks for.</summary>
/// <param name="Label">Before it.</param>
/// <param name="Input">A text field or a choice.</param>
/// <param name="Hint">What may stand there.</param>
internal sealed record FormField(string Label, View Input, string Hint);
