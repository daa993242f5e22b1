using System.Globalization;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>The entries of a feed that may be enforced, in order, with what was refused of it. Immutable.</summary>
internal sealed class FeedList
{
    public const int MaxSamples = 10;

    private static readonly ScopeRanges s_reserved = new([.. Unroutable.All.Order()]);

    private static readonly OriginRules s_rules = OriginRules.For(Origin.Feed);

    private readonly FeedEntry[] _entries;

    private FeedList(FeedEntry[] entries, Prefix[] scopes, int refused, IReadOnlyList<string> samples) =>
        (_entries, Refused, RefusedSamples, Ranges) = (entries, refused, samples, new ScopeRanges(scopes));

    public static FeedList Empty { get; } = new([], [], 0, []);

    public IReadOnlyList<FeedEntry> Entries => _entries;

    /// <summary>The same, for those who look at all of them.</summary>
    public ReadOnlySpan<FeedEntry> Span => _entries;

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
        FeedEntry[] kept = new FeedEntry[entries.Count];
        Prefix[] scopes = new Prefix[entries.Count];
        List<string> samples = [];
        int count = 0;
        int place = 0;
        for (int i = 0; i < kept.Length; i++)
        {
            FeedEntry entry = entries[i];
            if (Refusal(entry.Scope, ref place, reserved) is not { } why)
            {
                (kept[count], scopes[count]) = (entry, entry.Scope);
                count++;
            }
            else if (samples.Count < MaxSamples)
            {
                samples.Add($"{entry.Scope}: {why}");
            }
        }

        int refused = kept.Length - count;
        if (refused > 0)
        {
            Array.Resize(ref kept, count);
            Array.Resize(ref scopes, count);
        }

        return new FeedList(kept, scopes, refused, samples);
    }

    /// <summary>A part of it.</summary>
    /// <param name="entries">Entries of this list, in order.</param>
    public FeedList Only(IReadOnlyList<FeedEntry> entries) => new([.. entries], [.. entries.Select(entry => entry.Scope)], Refused, RefusedSamples);

    /// <summary>The entry that holds an address; null: none.</summary>
    public FeedEntry? Find(Address address) => Ranges.Find(address) is >= 0 and var index ? _entries[index] : null;

    /// <summary>Entries that share an address with a scope.</summary>
    public IEnumerable<FeedEntry> Overlapping(Prefix scope)
    {
        if (!Ranges.Overlaps(scope))
        {
            yield break;
        }

        foreach (FeedEntry entry in _entries)
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

    /// <summary>How many entries this has that another list has not, and the other way round.</summary>
    public (int Added, int Removed) CompareTo(FeedList before)
    {
        (int mine, int its, int both) = (0, 0, 0);
        while (mine < _entries.Length && its < before._entries.Length)
        {
            int order = _entries[mine].Scope.CompareTo(before._entries[its].Scope);
            both += order == 0 ? 1 : 0;
            mine += order <= 0 ? 1 : 0;
            its += order >= 0 ? 1 : 0;
        }

        return (_entries.Length - both, before._entries.Length - both);
    }

    private static string? Refusal(Prefix scope, ref int place, IReadOnlyList<Prefix> reserved)
    {
        int widest = scope.IsV4 ? s_rules.Widest4 : s_rules.Widest6;
        if (scope.Length < widest)
        {
            return string.Create(CultureInfo.InvariantCulture, $"wider than /{widest}");
        }

        return (!scope.IsV4 || s_reserved.Overlaps(scope, ref place)) && Unroutable.Overlapping(scope) is { } block && !reserved.Any(range => range.Contains(scope)) ? $"private or reserved ({block})" : null;
    }
}
