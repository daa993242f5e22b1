using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
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
public sealed partial class GossipService : IPubSub, IAsyncDisposable
{
    public const string Protocol12 = "/meshsub/1.2.0";
    public const string Protocol11 = "/meshsub/1.1.0";
    public const string Protocol10 = "/meshsub/1.0.0";

    private const int EventsWaiting = 4096;

    // Anybody can change his subscriptions as often as he likes: that must not push out what happens in our meshes.
    private const int SubscriptionsWaiting = EventsWaiting / 2;

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
    private readonly Dictionary<PeerId, PeerSession> _sessions = [];
    private readonly SemaphoreSlim _verifying = new(Environment.ProcessorCount, Environment.ProcessorCount);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<GossipEvent?> _events = Channel.CreateBounded<GossipEvent?>(
        new BoundedChannelOptions(EventsWaiting) { SingleReader = true });

    private readonly MemoryBudget _frames;

    private Task _running = Task.CompletedTask;
    private ulong _seqno;
    private long _eventsDropped;
    private long _eventsTold;

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
        _validatorTime = settings.ValidatorTime;
        _output = new SessionOutput(Raise, settings.SignedRecord ?? (_ => null));
        _router = new GossipRouter(options, _output, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), settings.AppScore, settings.ExplicitPeers);

        // Grows across restarts: others drop what is not newer than what they know of us.
        ulong clock = (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        _seqno = Math.Max(clock, settings.SeqnoAbove);
    }

    /// <summary>Something happened with a peer in a topic. Called in order, one at a time.</summary>
    public event Action<GossipEvent>? Happened;

    /// <summary>Peers that were offered by one with a high score, with their signed records, unverified.</summary>
    public event Action<PeerId, ReadOnlyMemory<byte>>? PeerOffered;

    /// <summary>What a callback of the application, or a heartbeat, threw.</summary>
    public event Action<Exception>? Failed;

    public GossipCounters Counters => _router.Counters;

    /// <summary>So many events were dropped since this was last called. Called as <see cref="Happened"/> is.</summary>
    public event Action<long>? EventsLost;

    /// <summary>Events that were dropped because nobody took them in time, or because one peer made too many.</summary>
    public long EventsDropped => Interlocked.Read(ref _eventsDropped);

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

        _host.Identified += OnIdentified;
        _host.Disconnected += OnDisconnected;
        foreach (IMeshConnection connection in _host.Connections)
        {
            if (_host.Info(connection.Remote) is { } info)
            {
                OnIdentified(info);
            }
        }

        _running = Task.WhenAll(BeatAsync(_stop.Token), TellAsync(_stop.Token));
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
    public long SendsDropped()
    {
        lock (_gate)
        {
            return _sessions.Values.Sum(session => session.Queue.Dropped);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _host.Identified -= OnIdentified;
        _host.Disconnected -= OnDisconnected;
        foreach (string protocol in (string[])[Protocol12, Protocol11, Protocol10])
        {
            _host.Unhandle(protocol);
        }

        PeerSession[] sessions;
        lock (_gate)
        {
            sessions = [.. _sessions.Values];
            _sessions.Clear();
        }

        foreach (PeerSession session in sessions)
        {
            session.End();
        }

        await Task.WhenAll(sessions.Select(session => session.WhenEnded())).ConfigureAwait(false);
        foreach (PeerSession session in sessions)
        {
            session.Dispose();
        }

        await _running.ConfigureAwait(false);
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

    private void Raise(GossipEvent happened)
    {
        bool subscription = happened.Kind is GossipEventKind.Subscribed or GossipEventKind.Unsubscribed;
        if ((subscription && (_events.Reader.Count >= SubscriptionsWaiting || !MayTell(happened.Peer))) || !_events.Writer.TryWrite(happened))
        {
            Interlocked.Increment(ref _eventsDropped);
        }
    }

    // Under the lock, as all that the router tells.
    private bool MayTell(PeerId peer)
    {
        if (!_sessions.TryGetValue(peer, out PeerSession? session))
        {
            return true;
        }

        long now = _time.GetTimestamp();
        int most = _options.TopicsPerPeer + _options.SubscriptionEvents;
        (double left, long at) = session.SubscriptionEvents;
        left = at == 0 ? most : Math.Min(most, left + (_time.GetElapsedTime(at, now).TotalSeconds * _options.SubscriptionEvents));
        session.SubscriptionEvents = (Math.Max(0, left - 1), Math.Max(1, now));
        return left >= 1;
    }

    private void TellLost()
    {
        long dropped = EventsDropped;
        long lost = dropped - Interlocked.Read(ref _eventsTold);
        if (lost > 0)
        {
            Interlocked.Exchange(ref _eventsTold, dropped);
            Call(() => EventsLost?.Invoke(lost));
        }
    }

    private async Task TellAsync(CancellationToken stop)
    {
        try
        {
            await foreach (GossipEvent? happened in _events.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                if (happened is not null)
                {
                    Call(() => Happened?.Invoke(happened));
                }

                // Once for all that were lost together.
                if (!_events.Reader.TryPeek(out _))
                {
                    TellLost();
                }
            }
        }
        catch (OperationCanceledException)
        {
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
                Call(() =>
                {
                    lock (_gate)
                    {
                        _router.Heartbeat(Now);
                    }

                    ResetLate();
                    if (EventsDropped > Interlocked.Read(ref _eventsTold))
                    {
                        // Wakes the teller where no event follows that would.
                        _events.Writer.TryWrite(null);
                    }
                });
                await DisconnectStuckAsync().ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
        }
    }

    // Neither the heartbeat nor a reader must end because something above it threw.
    private void Call(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Failed?.Invoke(exception);
        }
    }

    private sealed class Subscription(GossipService service, string topic) : IDisposable
    {
        public void Dispose() => service.Unsubscribe(topic);
    }
}
