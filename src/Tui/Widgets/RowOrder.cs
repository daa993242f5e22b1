namespace Blackwall.Tui.Widgets;

/// <summary>Which rows of a list are shown and in what order: those with some text in any column, sorted by a column.</summary>
internal sealed class RowOrder<T>(IReadOnlyList<GridColumn<T>> columns)
{
    private int _column = -1;
    private bool _isReversed;

    /// <summary>Text that a row has to have in some column; empty: any row.</summary>
    public string Contains { get; set; } = "";

    /// <summary>For the line above the list; empty: nothing is left out or sorted.</summary>
    public IReadOnlyList<Piece> About =>
    [
        .. Contains.Length > 0 ? [new Piece($"  filter: '{Contains}'", Tone.Warning)] : Array.Empty<Piece>(),
        .. _column >= 0 ? [new Piece($"  by {columns[_column].Title.ToLowerInvariant()}{(_isReversed ? ", largest first" : "")}", Tone.Dim)] : Array.Empty<Piece>(),
    ];

    /// <summary>Sorts by the next column; after the last one rows come as the appliance gives them.</summary>
    public void NextColumn() => _column = _column + 1 == columns.Count ? -1 : _column + 1;

    public void Reverse() => _isReversed = !_isReversed;

    public IReadOnlyList<T> Apply(IReadOnlyList<T> rows)
    {
        IEnumerable<T> shown = Contains.Length == 0 ? rows : rows.Where(row => columns.Any(column => column.Cell(row).Text.Contains(Contains, StringComparison.OrdinalIgnoreCase)));
        if (_column >= 0)
        {
            GridColumn<T> by = columns[_column];
            Func<T, IComparable?> key = by.SortKey ?? (row => by.Cell(row).Text);
            shown = _isReversed ? shown.OrderByDescending(key) : shown.OrderBy(key);
        }

        return [.. shown];
    }
}
