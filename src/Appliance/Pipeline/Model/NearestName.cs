namespace Blackwall.Pipeline.Model;

/// <summary>Suggests the known name that a misspelled one was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>One that begins as what was written, else the one that takes the fewest single-letter changes, whatever the case; null: there is none.</summary>
    public static string? Find(string written, IEnumerable<string> known) =>
        known.MinBy(name => name.StartsWith(written, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(written.ToUpperInvariant(), name.ToUpperInvariant()));

    /// <summary>"Did you mean 'x'? ..." for an answer; empty when nothing is known.</summary>
    public static string Sentence(string written, IReadOnlyCollection<string> known) =>
        Find(written, known) is { } near ? $"The nearest is '{near}'; known here: {string.Join(", ", known)}." : "None is known here.";

    // Levenshtein, of names cut to a length that no parameter of ours has.
    private static int Distance(string left, string right)
    {
        const int longest = 64;
        left = left.Length > longest ? left[..longest] : left;
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
