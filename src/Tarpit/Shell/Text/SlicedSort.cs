namespace Blackwall.Tarpit.Shell.Text;

/// <summary>A stable sort of many lines that gives way: short runs are sorted, then merged.</summary>
internal static class SlicedSort
{
    private const int Run = 512;

    public static async ValueTask<string[]> SortAsync(IReadOnlyList<string> lines, Comparer<string> comparer, Func<ValueTask> giveWay)
    {
        string[] sorted = new string[lines.Count], merged = new string[lines.Count];
        for (int start = 0; start < sorted.Length; start += Run)
        {
            await giveWay();
            int at = start;
            foreach (string line in lines.Skip(start).Take(Run).Order(comparer))
            {
                sorted[at++] = line;
            }
        }

        for (int length = Run; length < sorted.Length; length *= 2)
        {
            for (int start = 0; start < sorted.Length; start += length * 2)
            {
                await MergeAsync(sorted, merged, start, length, comparer, giveWay);
            }

            (sorted, merged) = (merged, sorted);
        }

        return sorted;
    }

    private static async ValueTask MergeAsync(string[] from, string[] to, int start, int length, Comparer<string> comparer, Func<ValueTask> giveWay)
    {
        int middle = Math.Min(start + length, from.Length), end = Math.Min(start + (length * 2), from.Length);
        for (int left = start, right = middle, at = start; at < end; at++)
        {
            if (at % Run == 0)
            {
                await giveWay();
            }

            bool takesLeft = left < middle && (right >= end || comparer.Compare(from[left], from[right]) <= 0);
            to[at] = takesLeft ? from[left++] : from[right++];
        }
    }
}
