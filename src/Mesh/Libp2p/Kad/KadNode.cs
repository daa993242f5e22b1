using System.Net;
using Blackwall.Mesh.Libp2p.Kad.Records;
using Blackwall.Mesh.Libp2p.Kad.Routing;
using Blackwall.Mesh.Libp2p.Kad.Wire;

namespace Blackwall.Mesh.Libp2p.Kad;

/// <summary>What we know and how we answer: without network, task or clock of its own. Any thread may call it.</summary>
/// <param name="present">Whether a peer is connected; null: all are.</param>
internal sealed class KadNode(PeerId self, KadOptions options, KadCounters counters, Func<PeerId, bool>? present = null)
{
    private readonly Lock _gate = new();
    private readonly RoutingTable _table = new(self, options);
    private readonly ValueStore _values = new(self, options, present ?? (_ => true));
    private readonly ProviderStore _providers = new(self, options, present ?? (_ => true));

    /// <summary>Peers in the table.</summary>
    public int Known
    {
        get
        {
            lock (_gate)
            {
                return _table.Count;
            }
        }
    }

    /// <summary>A peer proved its id and speaks the protocol.</summary>
    public bool Learn(PeerAddresses peer, IPAddress? address)
    {
        lock (_gate)
        {
            return _table.Add(peer, address);
        }
    }

    public void Failed(PeerId peer)
    {
        lock (_gate)
        {
            _table.Failed(peer);
        }
    }

    /// <summary>A peer no longer speaks the protocol.</summary>
    public void Forget(PeerId peer)
    {
        lock (_gate)
        {
            _table.Remove(peer);
        }
    }

    public List<PeerAddresses> Closest(KadKey key, int count)
    {
        lock (_gate)
        {
            return _table.Closest(key, count);
        }
    }

    public PeerAddresses? Find(PeerId peer)
    {
        lock (_gate)
        {
            return _table.Find(peer);
        }
    }

    /// <summary>Why a record of an answer must not be taken; null: it may.</summary>
    public string? Wrong(KadRecord record)
    {
        lock (_gate)
        {
            return _values.Wrong(record);
        }
    }

    /// <summary>Our own copy of a value.</summary>
    public KadRecord? Value(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _values.Get(key, now);
        }
    }

    /// <summary>The providers that we know of.</summary>
    public IReadOnlyList<PeerAddresses> Providers(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _providers.Get(key, now);
        }
    }

    /// <summary>Keeps a value on our own account.</summary>
    public string? Put(KadRecord record, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _values.Put(self, from: null, record, now);
        }
    }

    /// <summary>The answer to a request; null: it has none. <paramref name="refused"/>: the stream is to be reset.</summary>
    /// <param name="connected">Where a connected peer that is not in the table listens; null: unknown.</param>
    /// <param name="own">Where we listen.</param>
    /// <param name="from">Where the asker is connected from; null: it is not counted by address.</param>
    public KadPacket? Answer(PeerId asker, KadPacket request, Func<PeerId, PeerAddresses?> connected, Func<PeerAddresses> own, DateTimeOffset now, out bool refused, IPAddress? from = null)
    {
        refused = false;
        lock (_gate)
        {
            switch (request.Kind)
            {
                case KadRequestKind.FindNode when request.Key.Length > 0:
                    return Packet(request, FindNode(asker, request.Key, connected, own));
                case KadRequestKind.GetValue when request.Key.Length > 0:
                    return Packet(request, Closer(asker, request.Key)) with { Record = _values.Get(request.Key, now) };
                case KadRequestKind.GetProviders when request.Key.Length > 0:
                    return Packet(request, Closer(asker, request.Key)) with { Providers = Some(_providers.Get(request.Key, now)) };
                case KadRequestKind.AddProvider when request.Key.Length > 0:
                    AddProvider(asker, from, request, now);
                    return null;
                case KadRequestKind.PutValue when request.Record is { } record && record.Key.AsSpan().SequenceEqual(request.Key):
                    if (_values.Put(asker, from, record, now) is null)
                    {
                        return request with { Closer = [], Providers = [] };
                    }

                    counters.CountRefusedValue();
                    refused = true;
                    return null;
                case KadRequestKind.Ping:
                    return request with { Closer = [], Providers = [], Record = null };
                default:
                    counters.CountBadRequest();
                    refused = true;
                    return null;
            }
        }
    }

    private static KadPacket Packet(KadPacket request, IReadOnlyList<PeerAddresses> closer) => new(request.Kind, request.Key, null, closer, []);

    // Each may only speak for itself: anybody could send all who ask to a victim otherwise.
    private void AddProvider(PeerId asker, IPAddress? from, KadPacket request, DateTimeOffset now)
    {
        PeerAddresses? provider = request.Providers.FirstOrDefault(peer => peer.Id == asker);
        if (provider is null || _providers.Add(request.Key, provider, from, now) is not null)
        {
            counters.CountRefusedProvider();
        }
    }

    // A peer that is known comes first even if it is a client and in no table.
    private List<PeerAddresses> FindNode(PeerId asker, byte[] key, Func<PeerId, PeerAddresses?> connected, Func<PeerAddresses> own)
    {
        List<PeerAddresses> closer = Closer(asker, key);
        if (!PeerId.TryDecode(key, out PeerId? target) || target == asker)
        {
            return closer;
        }

        PeerAddresses? found = target == self ? own() : closer.Exists(peer => peer.Id == target) ? null : connected(target);
        return found is null ? closer : [found, .. closer.Take(options.BucketSize - 1)];
    }

    private List<PeerAddresses> Closer(PeerId asker, byte[] key) => _table.Closest(KadKey.From(key), options.BucketSize, except: asker);

    // Which of many are told is left to chance: whoever came first would be told for ever.
    private PeerAddresses[] Some(IReadOnlyList<PeerAddresses> providers)
    {
        PeerAddresses[] all = [.. providers];
        Random.Shared.Shuffle(all);
        return [.. all.Take(options.BucketSize)];
    }
}
