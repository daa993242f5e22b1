namespace Blackwall.Pipeline.Model;

/// <summary>
/// The one precedence: guard &gt; operator allow &gt; operator block &gt; local &gt; model &gt; mesh &gt; feed, the longest prefix within a
/// rank. What decides about a packet, the sweep over the whole policy, previews, queries and dry runs all ask here.
/// </summary>
internal static class Precedence
{
    private static readonly byte[] Ranks = [.. OriginRules.All.Select(rules => rules.Rank)];
    private static readonly byte[] AllowRanks = [.. OriginRules.All.Select(rules => rules.AllowRank ?? rules.Rank)];

    /// <summary>Place of a claim among all others; smaller wins. Fits the one byte that the kernel's policy entry carries.</summary>
    public static byte Rank(Origin origin, Verdict verdict) => verdict == Verdict.Pass ? AllowRanks[(int)origin] : Ranks[(int)origin];

    /// <summary>
    /// Whether the one decides where both hold. Of owners of one rank that speak of the same scope the harder verdict wins, then the later end,
    /// then the older claim: a total order, so it does not matter in which order claims are looked at.
    /// </summary>
    public static bool Beats(in Contender one, in Contender other)
    {
        if (one.Rank != other.Rank)
        {
            return one.Rank < other.Rank;
        }

        if (one.Length != other.Length)
        {
            return one.Length > other.Length;
        }

        if (one.Verdict != other.Verdict)
        {
            return one.Verdict > other.Verdict;
        }

        return one.Ends != other.Ends ? one.Ends > other.Ends : one.Id < other.Id;
    }

    /// <summary>Strongest first.</summary>
    public static int Compare(in Contender one, in Contender other) => Beats(one, other) ? -1 : Beats(other, one) ? 1 : 0;
}
