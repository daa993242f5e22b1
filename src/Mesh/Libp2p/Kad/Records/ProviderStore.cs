namespace Blackwall.Mesh.Libp2p.Kad.Records;

/// <summary>Who provides what, as each said of itself; bounded and with an end.</summary>
internal sealed class ProviderStore(KadOptions options)
{
    private readonly Dictionary<string, Dictionary<PeerId, Entry>> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<PeerId, int> _perPeer = [];
    private DateTimeOffset _nextExpiry = DateTimeOffset.MinValue;

    public int Keys => _keys.Count;

    /// <summary>Null: kept. Otherwise why not.</summary>
    public string? Add(ReadOnlySpan<byte> key, PeerAddresses provider, DateTimeOffset now)
    {
        if (key.Length == 0)
        {
            return "the key is empty";
        }

        Expire(now);
        string name = Convert.ToHexString(key);
        if (!_keys.TryGetValue(name, out Dictionary<PeerId, Entry>? providers))
        {
            if (_keys.Count >= options.ProviderKeys)
            {
                return "too many keys";
            }

            providers = [];
        }

        if (!providers.ContainsKey(provider.Id))
        {
            if (providers.Count >= options.ProvidersPerKey)
            {
                return "too many providers";
            }

            int provided = _perPeer.GetValueOrDefault(provider.Id);
            if (provided >= options.KeysPerProvider)
            {
                return "too many keys of one peer";
            }

            _perPeer[provider.Id] = provided + 1;
        }

        providers[provider.Id] = new Entry(provider, now + options.ProviderLifetime);
        _keys[name] = providers;
        return null;
    }

    public IReadOnlyList<PeerAddresses> Get(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        Expire(now);
        return _keys.TryGetValue(Convert.ToHexString(key), out Dictionary<PeerId, Entry>? providers) ? [.. providers.Values.Select(entry => entry.Peer)] : [];
    }

    // A walk over all of it, and so at most once a minute.
    private void Expire(DateTimeOffset now)
    {
        if (now < _nextExpiry)
        {
            return;
        }

        _nextExpiry = now + TimeSpan.FromMinutes(1);
        foreach ((string name, Dictionary<PeerId, Entry> providers) in _keys)
        {
            foreach ((PeerId id, Entry entry) in providers)
            {
                if (entry.Ends <= now)
                {
                    providers.Remove(id);
                    if (--System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_perPeer, id, out _) <= 0)
                    {
                        _perPeer.Remove(id);
                    }
                }
            }

            if (providers.Count == 0)
            {
                _keys.Remove(name);
            }
        }
    }

    private sealed record Entry(PeerAddresses Peer, DateTimeOffset Ends);
}
