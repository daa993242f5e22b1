namespace Blackwall.Tarpit.Dns;

/// <summary>Tells names that carry data or were made by an algorithm from those that people give.</summary>
internal static class TunnelName
{
    private const int LongLabel = 30;
    private const int LongName = 90;
    private const int ShortestMade = 12;
    private const double RandomBits = 3.4;

    /// <summary>"tunnel", "generated", or null for a name like others.</summary>
    public static string? Classify(IReadOnlyList<string> labels)
    {
        if (labels.Count == 0)
        {
            return null;
        }

        if (labels[0].Equals("dnscat", StringComparison.OrdinalIgnoreCase) || labels.Any(label => label.Length > LongLabel && Entropy(label) > RandomBits) || labels.Sum(label => label.Length + 1) > LongName)
        {
            return "tunnel";
        }

        string longest = labels.MaxBy(label => label.Length)!;
        return longest.Length >= ShortestMade && Entropy(longest) > RandomBits - 0.3 && (Vowels(longest) < longest.Length / 5.0 || longest.Count(char.IsAsciiDigit) > longest.Length / 4) ? "generated" : null;
    }

    private static int Vowels(string label) => label.Count(c => char.ToLowerInvariant(c) is 'a' or 'e' or 'i' or 'o' or 'u' or 'y');

    // Bits a character.
    private static double Entropy(string label) => label.ToLowerInvariant().GroupBy(c => c).Sum(group => group.Count() / (double)label.Length is var share ? -share * Math.Log2(share) : 0);
}
