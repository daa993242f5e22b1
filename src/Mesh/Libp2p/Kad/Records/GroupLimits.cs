using System.Net;
using Blackwall.Mesh.Libp2p.Kad.Routing;

namespace Blackwall.Mesh.Libp2p.Kad.Records;

/// <summary>
/// What goes when there is no more room. Identities cost nothing, so room is shared by where peers come from: the address or network that holds most
/// gives way, there the entries of peers that are gone, and else those of the peer that holds most, the furthest from our id first.
/// </summary>
internal static class GroupLimits
{
    /// <summary>A private address stands for itself, where those are exempt; any other for its IPv4 /24 or IPv6 /48. <paramref name="limited"/>: the latter.</summary>
    public static string? GroupOf(IPAddress? address, bool privateExempt, out bool limited)
    {
        limited = address is not null && !(privateExempt && AddressClass.IsPrivate(address));
        return limited ? AddressClass.Subnet(address!) : address?.ToString();
    }

    /// <summary>One less of a count; none is not kept.</summary>
    public static void Less<T>(Dictionary<T, int> counts, T of)
        where T : notnull
    {
        if (counts[of] == 1)
        {
            counts.Remove(of);
        }
        else
        {
            counts[of]--;
        }
    }

    /// <summary>The entries to remove for a new one; empty: the new one is to be refused.</summary>
    /// <param name="most">How many may go at once, if they are of peers that are gone; of others it is one.</param>
    public static IReadOnlyList<T> Choose<T>(IReadOnlyCollection<T> all, StoredEntry newcomer, int most, Func<PeerId, bool> present)
        where T : StoredEntry
    {
        IGrouping<string?, T>? largest = all.Where(kept => kept.Group is not null)
            .GroupBy(kept => kept.Group, StringComparer.Ordinal)
            .MaxBy(group => (2 * group.Count()) + (string.Equals(group.Key, newcomer.Group, StringComparison.Ordinal) ? 1 : 0));
        if (largest is null)
        {
            return [];
        }

        T[] gone = [.. largest.Where(kept => kept.By != newcomer.By && !present(kept.By)).OrderByDescending(kept => kept.Distance).Take(most)];
        if (gone.Length > 0)
        {
            return gone;
        }

        IGrouping<PeerId, T> peer = largest.GroupBy(kept => kept.By).MaxBy(group => (2 * group.Count()) + (group.Key == newcomer.By ? 1 : 0))!;
        T furthest = peer.MaxBy(kept => kept.Distance)!;

        // Between two of equal right the distance decides.
        bool equal = string.Equals(largest.Key, newcomer.Group, StringComparison.Ordinal) && (peer.Key == newcomer.By || peer.Count() == 1);
        return equal && furthest.Distance <= newcomer.Distance ? [] : [furthest];
    }
}
