using System.Net;
using Blackwall.Mesh.Libp2p.Kad.Routing;

namespace Blackwall.Mesh.Libp2p.Kad.Records;

/// <summary>Who provides what, as each said of itself; bounded and with an end. See <see cref="GroupLimits"/> for what goes when there is no more room.</summary>
internal sealed class ProviderStore(PeerId self, KadOptions options, Func<PeerId, bool> present)
{
    private readonly Dictionary<string, Dictionary<PeerId, Entry>> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<PeerId, int> _perPeer = [];
    private readonly Dictionary<string, int> _perGroup = new(StringComparer.Ordinal);
    private readonly KadKey _self = KadKey.From(self);
    private DateTimeOffset _nextExpiry = DateTimeOffset.MinValue;

    public int Keys => _keys.Count;

    /// <summary>Entries that went before their time.</summary>
    public long Evicted { get; private set; }

    /// <summary>Null: kept. Otherwise why not.</summary>
    /// <param name="from">Where the provider is connected from; null: it is not counted by address.</param>
    public string? Add(ReadOnlySpan<byte> key, PeerAddresses provider, IPAddress? from, DateTimeOffset now)
    {
        if (key.Length == 0)
        {
            return "the key is empty";
        }

        Expire(now);
        string name = Convert.ToHexString(key);
        string? group = GroupLimits.GroupOf(from, options.PrivateExempt, out bool limited);
        var entry = new Entry(name, provider, group, KadKey.From(key).DistanceTo(_self), now + options.ProviderLifetime);
        Dictionary<PeerId, Entry>? providers = _keys.GetValueOrDefault(name);
        if (providers is not null && providers.TryGetValue(provider.Id, out Entry? before))
        {
            Forget(before);
        }
        else
        {
            if (_perPeer.GetValueOrDefault(provider.Id) >= options.KeysPerProvider)
            {
                return "too many keys of one peer";
            }

            if (limited && _perGroup.GetValueOrDefault(group!) >= options.KeysPerSubnet)
            {
                return "too many keys of one network";
            }

            if (!MakeRoom(providers, entry))
            {
                return providers is null ? "too many keys" : "too many providers";
            }
        }

        if (!_keys.TryGetValue(name, out providers))
        {
            _keys.Add(name, providers = []);
        }

        providers.Add(provider.Id, entry);
        _perPeer[provider.Id] = _perPeer.GetValueOrDefault(provider.Id) + 1;
        if (group is not null)
        {
            _perGroup[group] = _perGroup.GetValueOrDefault(group) + 1;
        }

        return null;
    }

    public IReadOnlyList<PeerAddresses> Get(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        Expire(now);
        return _keys.TryGetValue(Convert.ToHexString(key), out Dictionary<PeerId, Entry>? providers) ? [.. providers.Values.Select(entry => entry.Peer)] : [];
    }

    private bool MakeRoom(Dictionary<PeerId, Entry>? providers, Entry entry)
    {
        IReadOnlyList<Entry> going;
        if (providers is null)
        {
            if (_keys.Count < options.ProviderKeys)
            {
                return true;
            }

            // Only where an entry is the last of its key does a key go with it.
            going = GroupLimits.Choose([.. _keys.Values.Where(key => key.Count == 1).SelectMany(key => key.Values)], entry, Math.Max(1, options.ProviderKeys / 64), present);
        }
        else if (providers.Count < options.ProvidersPerKey)
        {
            return true;
        }
        else
        {
            going = GroupLimits.Choose(providers.Values, entry, most: 1, present);
        }

        foreach (Entry gone in going)
        {
            Forget(gone);
            Evicted++;
        }

        return going.Count > 0;
    }

    // A walk over all of it, and so at most once a minute.
    private void Expire(DateTimeOffset now)
    {
        if (now < _nextExpiry)
        {
            return;
        }

        _nextExpiry = now + TimeSpan.FromMinutes(1);
        foreach (Entry entry in _keys.Values.SelectMany(key => key.Values).Where(entry => entry.Ends <= now).ToArray())
        {
            Forget(entry);
        }
    }

    private void Forget(Entry entry)
    {
        Dictionary<PeerId, Entry> providers = _keys[entry.Key];
        providers.Remove(entry.By);
        if (providers.Count == 0)
        {
            _keys.Remove(entry.Key);
        }

        GroupLimits.Less(_perPeer, entry.By);
        if (entry.Group is { } group)
        {
            GroupLimits.Less(_perGroup, group);
        }
    }

    private sealed record Entry(string Key, PeerAddresses Peer, string? Group, KadKey Distance, DateTimeOffset Ends) : StoredEntry(Peer.Id, Group, Distance);
}
