namespace Blackwall.Tui.Widgets;

/// <summary>A row of numbers as a row of blocks, scaled to the highest of them; what is not known is a space.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <param name="values">Oldest first; null: not known.</param>
    /// <param name="cells">How wide; filled from the right.</param>
    public static string Draw(IEnumerable<double?> values, int cells)
    {
        List<double?> shown = [.. values.TakeLast(cells)];
        double most = shown.Max() ?? 0;
        return new string([.. shown.Select(value => value is not { } v ? ' ' : most <= 0 ? Blocks[0] : Blocks[(int)Math.Ceiling(v / most * (Blocks.Length - 1))])]).PadLeft(cells);
    }
}
