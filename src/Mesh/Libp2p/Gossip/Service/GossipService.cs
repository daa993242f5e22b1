using System.Security.Cryptography;
using System.Text;
using Blackwall.Mesh.Libp2p.Gossip.Signing;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Yamux;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>
/// Runs the router over a host: two one-way streams a peer, signatures verified beside the router's lock, one heartbeat. A peer's next
/// RPC is read when the last one's messages are verified, so that who sends too much waits, and takes nobody else's place.
/// </summary>
public sealed class GossipService : IPubSub, IAsyncDisposable
{
    public const string Protocol12 = "/meshsub/1.2.0";
    public const string Protocol11 = "/meshsub/1.1.0";
    public const string Protocol10 = "/meshsub/1.0.0";

    private readonly IMeshHost _host;
    private readonly PrivateKey _key;
    private readonly GossipOptions _options;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Lock _gate = new();
    private readonly GossipRouter _router;
    private readonly SessionOutput _output;
    private readonly TopicBook _topics;
    private readonly AuthorCache _authors = new();
    private readonly PeerSessions _sessions;
    private readonly MessageVerifier _verifier;
    private readonly CancellationTokenSource _stop = new();
    private readonly GossipEvents _events;
    private readonly MemoryBudget _frames;
    private readonly InboundPaces _paces;

    private Task _running = Task.CompletedTask;
    private ulong _seqno;

    /// <param name="key">Signs what we publish; it is the host's own.</param>
    public GossipService(IMeshHost host, PrivateKey key, GossipOptions options, TimeProvider time, GossipServiceSettings? settings = null)
    {
        settings ??= new GossipServiceSettings();
        _host = host;
        _key = key;
        _options = options;
        _time = time;
        _began = time.GetTimestamp();
        _topics = new TopicBook(settings.MessageId);
        _frames = new MemoryBudget(options.FrameBytes);
        _paces = new InboundPaces(options, time);
        _events = new GossipEvents(options, time);
        _output = new SessionOutput(happened => _events.Raise(happened, _sessions!.Find(happened.Peer)), settings.SignedRecord ?? (_ => null));
        _router = new GossipRouter(options, _output, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), settings.AppScore, settings.ExplicitPeers);
        _sessions = new PeerSessions(_gate, _router, _output, host, options, () => Now, time, _stop.Token);
        _verifier = new MessageVerifier(_gate, _router, _topics, _output, _events, host.Id, () => Now, (peer, record) => PeerOffered?.Invoke(peer, record), settings.ValidatorTime, time, _stop.Token);

        // Grows across restarts: others drop what is not newer than what they know of us.
        ulong clock = (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        _seqno = Math.Max(clock, settings.SeqnoAbove);
    }

    /// <summary>Something happened with a peer in a topic. Called in order, one at a time.</summary>
    public event Action<GossipEvent>? Happened
    {
        add => _events.Happened += value;
        remove => _events.Happened -= value;
    }

    /// <summary>Peers that were offered by one with a high score, with their signed records, unverified.</summary>
    public event Action<PeerId, ReadOnlyMemory<byte>>? PeerOffered;

    /// <summary>What a callback of the application, or a heartbeat, threw.</summary>
    public event Action<Exception>? Failed
    {
        add => _events.Failed += value;
        remove => _events.Failed -= value;
    }

    public GossipCounters Counters => _router.Counters;

    /// <summary>So many events were dropped since this was last called. Called as <see cref="Happened"/> is.</summary>
    public event Action<long>? EventsLost
    {
        add => _events.Lost += value;
        remove => _events.Lost -= value;
    }

    /// <summary>Events that were dropped because nobody took them in time, or because one peer made too many.</summary>
    public long EventsDropped => _events.Dropped;

    /// <summary>Bytes of RPCs whose rest is still to come.</summary>
    public long FramesHeld => _frames.Used;

    /// <summary>The last sequence number that was used.</summary>
    public ulong Seqno => Volatile.Read(ref _seqno);

    /// <summary>Begins to answer the protocols and to beat.</summary>
    public void Start()
    {
        foreach (string protocol in (string[])[Protocol12, Protocol11, Protocol10])
        {
            _host.Handle(protocol, ReadAsync, new StreamLimits(PerPeer: 4));
        }

        _host.Identified += _sessions.OnIdentified;
        _host.Disconnected += _sessions.OnDisconnected;
        foreach (IMeshConnection connection in _host.Connections)
        {
            if (_host.Info(connection.Remote) is { } info)
            {
                _sessions.OnIdentified(info);
            }
        }

        _running = Task.WhenAll(BeatAsync(_stop.Token), _events.TellAsync(_stop.Token));
    }

    public IDisposable Subscribe(string topic, TopicOptions options)
    {
        CheckTopic(topic);
        lock (_gate)
        {
            if (!_topics.TryAdd(topic, options))
            {
                throw new MeshException($"The topic '{topic}' is subscribed to already.");
            }

            GossipTopic joined = _router.Join(topic, options.Scores);
            _router.FillMesh(joined, Now);
        }

        return new Subscription(this, topic);
    }

    public ValueTask<ReadOnlyMemory<byte>> PublishAsync(string topic, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        CheckTopic(topic);
        if (data.Length > _options.MaxMessage)
        {
            throw new MeshException($"A message of {data.Length} bytes is longer than the {_options.MaxMessage} that are allowed.");
        }

        ulong seqno = Interlocked.Increment(ref _seqno);
        byte[] raw = MessageSignature.Sign(_key, _host.Id, seqno, topic, data.Span);
        lock (_gate)
        {
            MessageView.TryRead(raw, out MessageView view);
            if (!_topics.TryId(topic, in view, out MessageId id))
            {
                throw new MeshException("The message has no id by the topic's function.");
            }

            view.Raw.Overlaps(view.Data, out int offset);
            _router.Publish(new GossipMessage(id, topic, _host.Id, seqno, raw, raw.AsMemory(offset, data.Length)), Now);
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(id.ToArray());
        }
    }

    /// <summary>The peers of our mesh in a topic.</summary>
    public IReadOnlyList<PeerId> Mesh(string topic)
    {
        lock (_gate)
        {
            return [.. _router.Mesh(topic).Select(peer => peer.Id)];
        }
    }

    /// <summary>The score of every connected peer.</summary>
    public IReadOnlyDictionary<PeerId, double> Scores()
    {
        lock (_gate)
        {
            return _router.Peers.ToDictionary(peer => peer.Id, _router.Score);
        }
    }

    /// <summary>RPC parts that were dropped because connected peers took too little.</summary>
    public long SendsDropped() => _sessions.Dropped;

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _host.Identified -= _sessions.OnIdentified;
        _host.Disconnected -= _sessions.OnDisconnected;
        foreach (string protocol in (string[])[Protocol12, Protocol11, Protocol10])
        {
            _host.Unhandle(protocol);
        }

        await _sessions.EndAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _verifier.Dispose();
        _stop.Dispose();
    }

    private long Now => (long)_time.GetElapsedTime(_began).TotalMilliseconds;

    private void CheckTopic(string topic)
    {
        int length = Encoding.UTF8.GetByteCount(topic);
        if (length == 0 || length > _options.Rpc.TopicBytes)
        {
            throw new MeshException($"The name of a topic takes 1 to {_options.Rpc.TopicBytes} bytes, not {length}.");
        }
    }

    private void Unsubscribe(string topic)
    {
        lock (_gate)
        {
            if (_topics.Remove(topic))
            {
                _router.Leave(topic, Now);
            }
        }
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        try
        {
            // A phase of one's own: a whole network that beats at once would be idle in between.
            await Task.Delay(_options.HeartbeatInterval * Random.Shared.NextDouble(), _time, stop).ConfigureAwait(false);
            using var timer = new PeriodicTimer(_options.HeartbeatInterval, _time);
            do
            {
                _events.Call(() =>
                {
                    lock (_gate)
                    {
                        _router.Heartbeat(Now);
                    }

                    _sessions.ResetLate();
                    _paces.Trim();
                    _events.Nudge();
                });
                await _sessions.DisconnectStuckAsync().ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ReadAsync(IMeshStream stream, CancellationToken cancellation)
    {
        if (_sessions.Session(stream.Remote, PeerSessions.VersionOf([stream.Protocol])) is not { } session)
        {
            stream.Reset();
            return;
        }

        // A peer has one stream to us: a second one takes the place of the first.
        using var reader = new FrameReader(stream, _options.MaxRpc, _frames, _time);
        IMeshStream? before;
        lock (_gate)
        {
            before = session.Inbound;
            session.Inbound = stream;
            session.Reader = reader;
        }

        before?.Reset();
        var intake = new RpcIntake(_router, _options, _topics, _authors);
        do
        {
            while (reader.TryTake(out ReadOnlyMemory<byte> frame))
            {
                if (!TryTake(session, intake, frame.Span))
                {
                    stream.Reset();
                    return;
                }

                await _verifier.VerifyAsync(intake, cancellation).ConfigureAwait(false);
                if (_paces.Take(session.Id, frame.Length, out bool isAbuse) is { Ticks: > 0 } wait)
                {
                    lock (_gate)
                    {
                        _router.Paced(session.Peer, isAbuse);
                    }

                    await Task.Delay(wait, _time, cancellation).ConfigureAwait(false);
                }
            }

            if (reader.Broken)
            {
                lock (_gate)
                {
                    _router.Misbehaved(session.Peer);
                }

                stream.Reset();
                return;
            }

            if (_frames.Exhausted)
            {
                _sessions.ResetFullest();
            }
        }
        while (await reader.FillAsync(cancellation).ConfigureAwait(false));
    }

    private bool TryTake(PeerSession session, RpcIntake intake, ReadOnlySpan<byte> rpc)
    {
        lock (_gate)
        {
            return session.Peer.Connected && intake.Process(session.Peer, rpc, Now) is RpcFault.None;
        }
    }

    private sealed class Subscription(GossipService service, string topic) : IDisposable
    {
        public void Dispose() => service.Unsubscribe(topic);
    }
}
