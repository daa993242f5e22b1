using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>Says whether an address lies in one of many scopes, by halving: a few dozen nanoseconds. Immutable.</summary>
internal sealed class ScopeRanges
{
    private readonly UInt128[] _firsts;
    private readonly UInt128[] _lasts;
    private readonly int[] _entries;

    /// <param name="sorted">In order; of nested scopes the widest counts.</param>
    public ScopeRanges(IReadOnlyList<Prefix> sorted)
    {
        List<int> kept = new(sorted.Count);
        for (int i = 0; i < sorted.Count; i++)
        {
            if (kept.Count == 0 || sorted[i].Network > sorted[kept[^1]].Last)
            {
                kept.Add(i);
            }
        }

        _entries = [.. kept];
        _firsts = new UInt128[kept.Count];
        _lasts = new UInt128[kept.Count];
        for (int i = 0; i < kept.Count; i++)
        {
            Prefix scope = sorted[kept[i]];
            (_firsts[i], _lasts[i]) = (scope.Network.Value, scope.Last.Value);
        }
    }

    public static ScopeRanges Empty { get; } = new([]);

    public bool IsEmpty => _entries.Length == 0;

    /// <summary>Index of the scope that holds the address; -1: none.</summary>
    public int Find(Address address)
    {
        int place = Array.BinarySearch(_firsts, address.Value);
        place = place < 0 ? ~place - 1 : place;
        return place >= 0 && address.Value <= _lasts[place] ? _entries[place] : -1;
    }

    /// <summary>Whether any address of the scope lies in one of these.</summary>
    public bool Overlaps(Prefix scope)
    {
        int place = Array.BinarySearch(_firsts, scope.Last.Value);
        place = place < 0 ? ~place - 1 : place;
        return place >= 0 && _lasts[place] >= scope.Network.Value;
    }
}
