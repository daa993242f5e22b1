namespace Blackwall.Tui.Widgets;

/// <summary>A column of a grid.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Width">Cells that it has at least; 0: whatever the others leave.</param>
/// <param name="Cell">What stands in it.</param>
internal sealed record GridColumn<T>(string Title, int Width, Func<T, Piece> Cell)
{
    /// <summary>In a narrow terminal the column with the largest number is left out first; 0: it always stays.</summary>
    public int Fold { get; init; }

    /// <summary>What rows are sorted by; null: by its text.</summary>
    public Func<T, IComparable?>? SortKey { get; init; }
}
