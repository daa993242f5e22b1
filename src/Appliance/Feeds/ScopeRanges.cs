using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>Says whether an address lies in one of many scopes, by halving: a few dozen nanoseconds. Immutable.</summary>
internal sealed class ScopeRanges
{
    private readonly UInt128[] _firsts;
    private readonly UInt128[] _lasts;

    // Null where no scope lies in another one: then each has its own place.
    private readonly int[]? _entries;

    /// <param name="sorted">In order; of nested scopes the widest counts.</param>
    public ScopeRanges(ReadOnlySpan<Prefix> sorted)
    {
        UInt128[] firsts = new UInt128[sorted.Length];
        UInt128[] lasts = new UInt128[sorted.Length];
        int[]? entries = null;
        int count = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            UInt128 first = sorted[i].Network.Value;
            if (count > 0 && first <= lasts[count - 1])
            {
                entries ??= Numbers(sorted.Length);
                continue;
            }

            _ = entries is null ? 0 : entries[count] = i;
            (firsts[count], lasts[count]) = (first, sorted[i].Last.Value);
            double size = Math.ScaleB(1, sorted[i].Network.Bits - sorted[i].Length);
            Size4 += sorted[i].IsV4 ? size : WideScope.Carried(sorted[i]);
            Size6 += sorted[i].IsV4 ? 0 : size;
            count++;
        }

        Array.Resize(ref firsts, count);
        Array.Resize(ref lasts, count);
        (_firsts, _lasts, _entries) = (firsts, lasts, entries);
    }

    public static ScopeRanges Empty { get; } = new([]);

    /// <summary>Addresses of IPv4, with those that scopes of IPv6 carry.</summary>
    public double Size4 { get; }

    /// <summary>Addresses of IPv6.</summary>
    public double Size6 { get; }

    public bool IsEmpty => _firsts.Length == 0;

    /// <summary>Index of the scope that holds the address; -1: none.</summary>
    public int Find(Address address)
    {
        int place = Array.BinarySearch(_firsts, address.Value);
        place = place < 0 ? ~place - 1 : place;
        return place >= 0 && address.Value <= _lasts[place] ? _entries?[place] ?? place : -1;
    }

    /// <summary>Whether any address of the scope lies in one of these.</summary>
    public bool Overlaps(Prefix scope)
    {
        int place = Array.BinarySearch(_firsts, scope.Last.Value);
        place = place < 0 ? ~place - 1 : place;
        return place >= 0 && _lasts[place] >= scope.Network.Value;
    }

    /// <summary>As <see cref="Overlaps(Prefix)"/>, for scopes that are asked about in order: one walk along both.</summary>
    /// <param name="scope">Not before the one that was asked about last.</param>
    /// <param name="place">Where the walk is; 0 at first.</param>
    public bool Overlaps(Prefix scope, ref int place)
    {
        while (place < _lasts.Length && _lasts[place] < scope.Network.Value)
        {
            place++;
        }

        return place < _firsts.Length && _firsts[place] <= scope.Last.Value;
    }

    private static int[] Numbers(int count)
    {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = i;
        }

        return numbers;
    }
}
