using System.Security.Cryptography;
using System.Text;
using Blackwall.Mesh.Libp2p.Kad.Routing;
using Blackwall.Mesh.Libp2p.Kad.Wire;

namespace Blackwall.Mesh.Libp2p.Kad;

/// <summary>Kademlia over a host: answers others if we are a server, and finds peers, values and providers.</summary>
public sealed class KadService : IPeerRouting, IAsyncDisposable
{
    private readonly IMeshHost _host;
    private readonly KadOptions _options;
    private readonly TimeProvider _time;
    private readonly KadNode _node;
    private readonly RequestRate _rate;
    private readonly CancellationTokenSource _stop = new();
    private Task _refreshing = Task.CompletedTask;

    public KadService(IMeshHost host, KadOptions options, TimeProvider time)
    {
        _host = host;
        _options = options;
        _time = time;
        _node = new KadNode(host.Id, options, Counters, peer => host.Info(peer) is not null);
        _rate = new RequestRate(options.RequestsPerSecond, time);
    }

    public KadCounters Counters { get; } = new();

    /// <summary>Peers in the table.</summary>
    public int Known => _node.Known;

    public void Start()
    {
        _host.Identified += OnIdentified;
        if (_options.Server)
        {
            _host.Handle(_options.Protocol, AnswerAsync, new StreamLimits(PerPeer: 32));
        }

        foreach (IMeshConnection connection in _host.Connections)
        {
            if (_host.Info(connection.Remote) is { } info)
            {
                OnIdentified(info);
            }
        }

        _refreshing = RefreshAsync(_stop.Token);
    }

    public async Task<PeerAddresses?> FindPeerAsync(PeerId peer, CancellationToken cancellation)
    {
        if (Connected(peer) is { } connected)
        {
            return connected;
        }

        PeerAddresses? found = null;
        await SearchAsync(peer.Bytes.ToArray(), (packet, _) => found ??= packet.Closer.FirstOrDefault(p => p.Id == peer && p.Addresses.Count > 0), KadRequestKind.FindNode, () => found is not null, cancellation)
            .ConfigureAwait(false);
        return found;
    }

    public Task<IReadOnlyList<PeerAddresses>> ClosestAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation) =>
        SearchAsync(key.ToArray(), (_, _) => { }, KadRequestKind.FindNode, () => false, cancellation);

    /// <summary>Puts a value with the peers closest to its key; the key is text below our name space. Returns how many took it. Throws <see cref="MeshException"/>.</summary>
    public async Task<int> PutValueAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        KadRecord record = new(Encoding.UTF8.GetBytes(key), value.ToArray());
        if (_node.Wrong(record) is { } wrong)
        {
            throw new MeshException($"The value cannot be put under '{key}': {wrong}.");
        }

        if (_options.Server)
        {
            _node.Put(record, _time.GetUtcNow());
        }

        IReadOnlyList<PeerAddresses> closest = await ClosestAsync(record.Key, cancellation).ConfigureAwait(false);
        KadPacket?[] answers = await Task.WhenAll(closest.Select(peer => RequestAsync(peer, new KadPacket(KadRequestKind.PutValue, record.Key, record, [], []), cancellation))).ConfigureAwait(false);
        return answers.Count(answer => answer?.Record is { } echoed && echoed.Value.AsSpan().SequenceEqual(record.Value));
    }

    /// <summary>The value under a key: the one the validator prefers, or the one that most of those who were asked have. Null: nobody has one.</summary>
    public async Task<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellation)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(key);
        List<byte[]> values = [];
        if (_node.Value(bytes, _time.GetUtcNow()) is { } own)
        {
            values.Add(own.Value);
        }

        await SearchAsync(bytes, (packet, _) => TakeValue(bytes, packet, values), KadRequestKind.GetValue, () => false, cancellation).ConfigureAwait(false);
        if (values.Count == 0)
        {
            return null;
        }

        return _options.Validator is { } validator
            ? values.Aggregate((best, next) => validator.IsBetter(bytes, next, best) ? next : best)
            : values.GroupBy(Convert.ToHexString, StringComparer.Ordinal).OrderByDescending(group => group.Count()).First().First();
    }

    /// <summary>Tells the peers closest to a key that we provide it. Returns how many were told.</summary>
    public async Task<int> ProvideAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        IReadOnlyList<PeerAddresses> closest = await ClosestAsync(key, cancellation).ConfigureAwait(false);
        KadPacket told = new(KadRequestKind.AddProvider, key.ToArray(), null, [], [Own()]);
        bool[] sent = await Task.WhenAll(closest.Select(peer => TellAsync(peer, told, cancellation))).ConfigureAwait(false);
        return sent.Count(s => s);
    }

    /// <summary>Who provides a key, as they said themselves.</summary>
    public async Task<IReadOnlyList<PeerAddresses>> ProvidersAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        Dictionary<PeerId, PeerAddresses> found = [];
        foreach (PeerAddresses provider in _node.Providers(key.Span, _time.GetUtcNow()))
        {
            found[provider.Id] = provider;
        }

        await SearchAsync(
            key.ToArray(),
            (packet, _) =>
            {
                lock (found)
                {
                    foreach (PeerAddresses provider in packet.Providers)
                    {
                        found.TryAdd(provider.Id, provider);
                    }
                }
            },
            KadRequestKind.GetProviders,
            () => false,
            cancellation).ConfigureAwait(false);
        return [.. found.Values];
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _host.Identified -= OnIdentified;
        if (_options.Server)
        {
            _host.Unhandle(_options.Protocol);
        }

        await _refreshing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void OnIdentified(PeerInfo info)
    {
        if (!info.Protocols.Contains(_options.Protocol, StringComparer.Ordinal))
        {
            _node.Forget(info.Id);
            return;
        }

        IMeshConnection? connection = _host.Connections.FirstOrDefault(c => c.Remote == info.Id);
        _node.Learn(new PeerAddresses(info.Id, info.ListenAddresses), connection?.RemoteAddress.Ip);
    }

    private PeerAddresses? Connected(PeerId peer) => _host.Info(peer) is { ListenAddresses.Count: > 0 } info ? new PeerAddresses(peer, info.ListenAddresses) : null;

    private PeerAddresses Own() => new(_host.Id, _host.Addresses);

    private void TakeValue(byte[] key, KadPacket packet, List<byte[]> values)
    {
        if (packet.Record is not { } record)
        {
            return;
        }

        if (!record.Key.AsSpan().SequenceEqual(key) || _node.Wrong(record) is not null)
        {
            Counters.CountBadAnswer();
            return;
        }

        lock (values)
        {
            values.Add(record.Value);
        }
    }

    private Task<IReadOnlyList<PeerAddresses>> SearchAsync(byte[] key, Action<KadPacket, PeerAddresses> take, KadRequestKind kind, Func<bool> found, CancellationToken cancellation)
    {
        KadKey target = KadKey.From(key);
        KadSearch search = new(_host.Id, target, _options, async (peer, stop) =>
        {
            if (await RequestAsync(peer, new KadPacket(kind, key, null, [], []), stop).ConfigureAwait(false) is not { } answer)
            {
                return null;
            }

            take(answer, peer);
            return answer.Closer;
        });
        return search.RunAsync(_node.Closest(target, _options.BucketSize), found, cancellation);
    }

    private async Task<KadPacket?> RequestAsync(PeerAddresses peer, KadPacket request, CancellationToken cancellation)
    {
        KadPacket? answer = null;
        await WithStreamAsync(peer, async (stream, late) =>
        {
            // Our way stays open until the answer is there: js-libp2p answers nobody who has closed it.
            await stream.WriteMessageAsync(KadCodec.Write(request), late).ConfigureAwait(false);
            byte[]? bytes = await stream.ReadMessageAsync(KadCodec.MaxLength, late).ConfigureAwait(false);
            answer = bytes is null ? null : KadCodec.TryRead(bytes);
        }, cancellation).ConfigureAwait(false);
        if (answer is null || answer.Kind != request.Kind)
        {
            Counters.CountBadAnswer();
            return null;
        }

        return answer;
    }

    private Task<bool> TellAsync(PeerAddresses peer, KadPacket told, CancellationToken cancellation) =>
        WithStreamAsync(peer, async (stream, late) =>
        {
            // There is no answer to it. One to a ping behind it says that it was read.
            await stream.WriteMessageAsync(KadCodec.Write(told), late).ConfigureAwait(false);
            await stream.WriteMessageAsync(KadCodec.Write(new KadPacket(KadRequestKind.Ping, [], null, [], [])), late).ConfigureAwait(false);
            if (await stream.ReadMessageAsync(KadCodec.MaxLength, late).ConfigureAwait(false) is null)
            {
                throw new EndOfStreamException("The peer closed the stream.");
            }
        }, cancellation);

    private async Task<bool> WithStreamAsync(PeerAddresses peer, Func<IMeshStream, CancellationToken, Task> talk, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation, _stop.Token);
        try
        {
            await DialAsync(peer, either.Token).ConfigureAwait(false);
            IMeshStream stream = await _host.OpenAsync(peer.Id, [_options.Protocol], either.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await talk(stream, either.Token).ConfigureAwait(false);
                return true;
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            _node.Failed(peer.Id);
            return false;
        }
    }

    private async Task DialAsync(PeerAddresses peer, CancellationToken cancellation)
    {
        if (_host.Connections.Any(connection => connection.Remote == peer.Id))
        {
            return;
        }

        MeshException? last = null;
        foreach (Multiaddr address in peer.Addresses.Take(KadCodec.MaxAddresses))
        {
            try
            {
                await _host.DialAsync(address.WithoutPeer(), peer.Id, cancellation).ConfigureAwait(false);
                return;
            }
            catch (MeshException exception)
            {
                last = exception;
            }
        }

        throw last ?? new MeshException($"No address of {peer.Id} is known.");
    }

    private async Task AnswerAsync(IMeshStream stream, CancellationToken cancellation)
    {
        while (true)
        {
            using var idle = new CancellationTokenSource(_options.IdleTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellation);
            byte[]? bytes = await stream.ReadMessageAsync(KadCodec.MaxLength, either.Token).ConfigureAwait(false);
            if (bytes is null)
            {
                return;
            }

            if (!_rate.TryAdd(stream.Remote))
            {
                Counters.CountOverRate();
                stream.Reset();
                return;
            }

            if (KadCodec.TryRead(bytes) is not { } request)
            {
                Counters.CountBadRequest();
                stream.Reset();
                return;
            }

            KadPacket? answer = _node.Answer(stream.Remote, request, Connected, Own, _time.GetUtcNow(), out bool refused, stream.RemoteAddress.Ip);
            if (refused)
            {
                stream.Reset();
                return;
            }

            if (answer is not null)
            {
                Counters.CountAnswer();
                await stream.WriteMessageAsync(KadCodec.Write(answer), either.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task RefreshAsync(CancellationToken stop)
    {
        try
        {
            using var timer = new PeriodicTimer(_options.RefreshInterval, _time);
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                await ClosestAsync(_host.Id.Bytes.ToArray(), stop).ConfigureAwait(false);
                await ClosestAsync(RandomNumberGenerator.GetBytes(32), stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
