namespace Blackwall.Cli.Words;

/// <summary>Suggests the known word that a misspelled one was probably meant to be.</summary>
internal static class NearestWord
{
    /// <summary>"; did you mean 'block'?", or nothing when no known word is near.</summary>
    public static string Suggest(string written, IEnumerable<string> known) => Find(written, known) is { } near ? $"; did you mean '{near}'?" : "";

    /// <summary>One that begins as what was written, else the one that takes the fewest changes of a letter, when they are few.</summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        (string? best, int fewest) = (null, Math.Max(2, written.Length / 3) + 1);
        foreach (string word in known)
        {
            int changes = word.StartsWith(written, StringComparison.OrdinalIgnoreCase) && written.Length > 1 ? 0 : Distance(written.ToUpperInvariant(), word.ToUpperInvariant());
            if (changes < fewest && changes < word.Length)
            {
                (best, fewest) = (word, changes);
            }
        }

        return best;
    }

    // Letters left out, put in, replaced, or two exchanged (optimal string alignment), of words cut to a length that none of ours has.
    private static int Distance(string left, string right)
    {
        const int longest = 64;
        left = left.Length > longest ? left[..longest] : left;
        int[,] cost = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[left.Length, right.Length];
    }
}
