namespace Blackwall.Tui.Widgets;

/// <summary>A column of a grid.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Width">Cells; 0: whatever the others leave.</param>
/// <param name="Cell">What stands in it.</param>
internal sealed record GridColumn<T>(string Title, int Width, Func<T, Piece> Cell);
