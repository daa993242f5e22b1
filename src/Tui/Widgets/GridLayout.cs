namespace Blackwall.Tui.Widgets;

/// <summary>Shares out the width of a terminal between columns: what does not fit is folded away, and what is too long gets the room that is left. Pure.</summary>
internal static class GridLayout
{
    /// <summary>Cells that the column without a width needs at least.</summary>
    private const int LeastOpen = 12;

    /// <param name="least">Width of each column; 0: it takes what is left.</param>
    /// <param name="fold">The largest is left out first; 0: never.</param>
    /// <param name="wanted">Width of the longest text in each column.</param>
    /// <param name="room">Cells of a row.</param>
    /// <returns>Width of each column; 0: left out. One cell stands between two columns.</returns>
    public static int[] Widths(IReadOnlyList<int> least, IReadOnlyList<int> fold, IReadOnlyList<int> wanted, int room)
    {
        int[] widths = [.. least.Select((width, i) => width > 0 ? width : Math.Min(LeastOpen, Math.Max(4, wanted[i])))];
        while (Taken(widths) > room && Enumerable.Range(0, widths.Length).Where(i => widths[i] > 0 && fold[i] > 0).DefaultIfEmpty(-1).MaxBy(i => i < 0 ? 0 : fold[i]) is >= 0 and int folded)
        {
            widths[folded] = 0;
        }

        int left = Math.Max(0, room - Taken(widths));
        for (int i = 0; i < widths.Length; i++)
        {
            if (widths[i] > 0 && least[i] > 0)
            {
                int more = Math.Min(left, Math.Max(0, wanted[i] - widths[i]));
                widths[i] += more;
                left -= more;
            }
        }

        int open = Enumerable.Range(0, widths.Length).LastOrDefault(i => least[i] == 0 && widths[i] > 0, -1);
        if (open >= 0)
        {
            widths[open] += left;
        }

        return widths;
    }

    private static int Taken(int[] widths) => widths.Sum() + Math.Max(0, widths.Count(width => width > 0) - 1);
}
