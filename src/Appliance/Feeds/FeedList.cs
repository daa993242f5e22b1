using System.Globalization;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>The entries of a feed that may be enforced, in order, with what was refused of it. Immutable.</summary>
internal sealed class FeedList
{
    public const int MaxSamples = 10;

    // A look-up by halving: one of each block in turn would cost more than everything else about an entry.
    private static readonly ScopeRanges s_reserved = new([.. Unroutable.All.Order()]);

    private FeedList(IReadOnlyList<FeedEntry> entries, int refused, IReadOnlyList<string> samples)
    {
        (Entries, Refused, RefusedSamples) = (entries, refused, samples);
        Ranges = new ScopeRanges([.. entries.Select(entry => entry.Scope)]);
    }

    public static FeedList Empty { get; } = new([], 0, []);

    public IReadOnlyList<FeedEntry> Entries { get; }

    public ScopeRanges Ranges { get; }

    /// <summary>Entries that no feed may name.</summary>
    public int Refused { get; }

    /// <summary>The first of them, with the reason.</summary>
    public IReadOnlyList<string> RefusedSamples { get; }

    /// <summary>Leaves out what no feed can know or may name.</summary>
    /// <param name="entries">In order, without repetitions.</param>
    /// <param name="reserved">Private and reserved ranges that the operator lets it name.</param>
    public static FeedList From(IReadOnlyList<FeedEntry> entries, IReadOnlyList<Prefix> reserved)
    {
        List<FeedEntry> kept = new(entries.Count);
        List<string> samples = [];
        foreach (FeedEntry entry in entries)
        {
            if (Refusal(entry.Scope, reserved) is not { } why)
            {
                kept.Add(entry);
            }
            else if (samples.Count < MaxSamples)
            {
                samples.Add($"{entry.Scope}: {why}");
            }
        }

        return new FeedList(kept, entries.Count - kept.Count, samples);
    }

    /// <summary>The entry that holds an address; null: none.</summary>
    public FeedEntry? Find(Address address) => Ranges.Find(address) is >= 0 and var index ? Entries[index] : null;

    /// <summary>Entries that share an address with a scope.</summary>
    public IEnumerable<FeedEntry> Overlapping(Prefix scope)
    {
        if (!Ranges.Overlaps(scope))
        {
            yield break;
        }

        foreach (FeedEntry entry in Entries)
        {
            if (entry.Scope.Network > scope.Last)
            {
                yield break;
            }

            if (entry.Scope.Overlaps(scope))
            {
                yield return entry;
            }
        }
    }

    /// <summary>How many entries this has that the other has not.</summary>
    public int CountBeyond(FeedList other)
    {
        int beyond = 0;
        int place = 0;
        foreach (FeedEntry entry in Entries)
        {
            while (place < other.Entries.Count && other.Entries[place].Scope.CompareTo(entry.Scope) < 0)
            {
                place++;
            }

            if (place >= other.Entries.Count || other.Entries[place].Scope != entry.Scope)
            {
                beyond++;
            }
        }

        return beyond;
    }

    private static string? Refusal(Prefix scope, IReadOnlyList<Prefix> reserved)
    {
        OriginRules rules = OriginRules.For(Origin.Feed);
        int widest = scope.IsV4 ? rules.Widest4 : rules.Widest6;
        if (scope.Length < widest)
        {
            return string.Create(CultureInfo.InvariantCulture, $"wider than /{widest}");
        }

        return (!scope.IsV4 || s_reserved.Overlaps(scope)) && Unroutable.Overlapping(scope) is { } block && !reserved.Any(range => range.Contains(scope)) ? $"private or reserved ({block})" : null;
    }
}
