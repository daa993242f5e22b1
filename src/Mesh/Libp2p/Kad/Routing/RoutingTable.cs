using System.Net;

namespace Blackwall.Mesh.Libp2p.Kad.Routing;

/// <summary>
/// The peers that we know, in buckets by how much of their key is ours. Only peers that proved their id and speak the protocol come in; a full
/// bucket keeps who is there, and no network has more than its share, so that many addresses of one attacker are few in here.
/// </summary>
internal sealed class RoutingTable(PeerId self, KadOptions options)
{
    private readonly KadKey _self = KadKey.From(self);
    private readonly Dictionary<PeerId, Entry> _entries = [];
    private readonly List<Entry>?[] _buckets = new List<Entry>?[KadKey.Bits];
    private readonly Dictionary<string, int> _subnets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _networks = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    /// <summary>Peers that found no room, in their bucket or among those of their network.</summary>
    public long Refused { get; private set; }

    /// <param name="address">Where the connection comes from or goes to: what the peer says of itself is not counted by.</param>
    public bool Add(PeerAddresses peer, IPAddress? address)
    {
        if (peer.Id == self)
        {
            return false;
        }

        if (_entries.TryGetValue(peer.Id, out Entry? known))
        {
            known.Peer = peer;
            known.Failures = 0;
            return true;
        }

        KadKey key = KadKey.From(peer.Id);
        List<Entry> bucket = _buckets[Math.Min(key.CommonPrefix(_self), KadKey.Bits - 1)] ??= [];
        bool counted = address is not null && !(options.PrivateExempt && AddressClass.IsPrivate(address));
        string? subnet = counted ? AddressClass.Subnet(address!) : null;
        string? network = counted ? options.NetworkOf?.Invoke(address!) is { } number ? $"AS{number}" : AddressClass.Wider(address!) : null;
        if (subnet is not null
            && (_subnets.GetValueOrDefault(subnet) >= options.PerSubnet
                || _networks.GetValueOrDefault(network!) >= options.PerNetwork
                || bucket.Count(entry => string.Equals(entry.Subnet, subnet, StringComparison.Ordinal)) >= options.PerSubnetInBucket))
        {
            Refused++;
            return false;
        }

        // Who was there and is gone makes room; who answers stays.
        if (bucket.Count >= options.BucketSize)
        {
            if (bucket.Find(entry => entry.Failures > 0) is not { } failed)
            {
                Refused++;
                return false;
            }

            Remove(failed.Peer.Id);
        }

        Entry added = new(peer, key, subnet, network);
        bucket.Add(added);
        _entries.Add(peer.Id, added);
        Tally(subnet, network, 1);
        return true;
    }

    /// <summary>A peer could not be reached; after three times in a row it goes.</summary>
    public void Failed(PeerId peer)
    {
        if (_entries.TryGetValue(peer, out Entry? entry) && ++entry.Failures >= 3)
        {
            Remove(peer);
        }
    }

    public bool Remove(PeerId peer)
    {
        if (!_entries.Remove(peer, out Entry? entry))
        {
            return false;
        }

        _buckets[Math.Min(entry.Key.CommonPrefix(_self), KadKey.Bits - 1)]!.Remove(entry);
        Tally(entry.Subnet, entry.Network, -1);
        return true;
    }

    public PeerAddresses? Find(PeerId peer) => _entries.TryGetValue(peer, out Entry? entry) ? entry.Peer : null;

    /// <summary>The peers closest to a key, closest first.</summary>
    public List<PeerAddresses> Closest(KadKey key, int count, PeerId? except = null) =>
        [.. _entries.Values.Where(entry => entry.Peer.Id != except).OrderBy(entry => entry.Key.DistanceTo(key)).Take(count).Select(entry => entry.Peer)];

    private void Tally(string? subnet, string? network, int change)
    {
        if (subnet is not null)
        {
            Change(_subnets, subnet, change);
            Change(_networks, network!, change);
        }
    }

    private static void Change(Dictionary<string, int> counts, string key, int change)
    {
        int count = counts.GetValueOrDefault(key) + change;
        if (count == 0)
        {
            counts.Remove(key);
        }
        else
        {
            counts[key] = count;
        }
    }

    private sealed class Entry(PeerAddresses peer, KadKey key, string? subnet, string? network)
    {
        public PeerAddresses Peer { get; set; } = peer;

        public KadKey Key { get; } = key;

        public string? Subnet { get; } = subnet;

        public string? Network { get; } = network;

        public int Failures { get; set; }
    }
}
