using System.Globalization;
using System.Threading.Channels;
using Blackwall.Api;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Microsoft.Extensions.Options;

namespace Blackwall.Events;

/// <summary>
/// Keeps the last events and hands new ones to every open stream. Bounded on all sides: a ring of the past, a queue for each client, a number
/// of clients. A client that cannot follow misses events and is told how many.
/// </summary>
internal sealed class EventHub(IOptions<ApiOptions> options, TimeProvider time) : IStatsSource
{
    public const int RingSize = 4096;
    public const int QueueSize = 1024;
    public const int KeptSize = 65_536;

    private readonly Lock _lock = new();
    private readonly StreamEvent?[] _ring = new StreamEvent?[RingSize];
    private readonly HashSet<Subscription> _subscriptions = [];

    /// <summary>Tells the numbers of this run from those of an earlier one.</summary>
    private readonly string _epoch = time.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);

    private readonly Channel<StreamEvent> _kept = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(KeptSize));
    private readonly ForgeableShare _forgeable = new(time);
    private long _unkept;
    private long _sequence;
    private long _missed;
    private long _turnedAway;

    public string Name => "events";

    /// <summary>Every event, for the history.</summary>
    public ChannelReader<StreamEvent> Kept => _kept.Reader;

    /// <summary>How many found no place there.</summary>
    public long Unkept => Interlocked.Read(ref _unkept);

    public bool HasSubscribers
    {
        get
        {
            lock (_lock)
            {
                return _subscriptions.Count > 0;
            }
        }
    }

    /// <summary>Tells an event.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="forgeableGroup">It rests on what anybody can forge: of each such group only a share is told; null: it does not.</param>
    public void Add(EventType kind, object subject, string? forgeableGroup = null)
    {
        lock (_lock)
        {
            if (forgeableGroup is not null && !_forgeable.TryTake(forgeableGroup))
            {
                return;
            }

            StreamEvent added = new(++_sequence, time.GetUtcNow(), kind, subject, forgeableGroup is not null);
            if (!_kept.Writer.TryWrite(added))
            {
                _unkept++;
            }

            _ring[added.Sequence % RingSize] = added;
            foreach (Subscription subscription in _subscriptions)
            {
                if (!subscription.Offer(added))
                {
                    _missed++;
                }
            }
        }
    }

    /// <summary>What was only counted of forgeable groups since the last call.</summary>
    public IReadOnlyList<Evidence> TakeSummaries() => _forgeable.TakeSummaries();

    public string IdOf(StreamEvent happened) => string.Create(CultureInfo.InvariantCulture, $"{_epoch}-{happened.Sequence}");

    /// <summary>Streams that one key may have open: a quarter of all; where there are few, all that no other key asks for.</summary>
    public int Share => options.Value.MaxStreams < 8 ? options.Value.MaxStreams : options.Value.MaxStreams / 4;

    /// <summary>
    /// Opens a stream that goes on after <paramref name="lastId"/>; null: too many are open. When all places are taken, the key that has most of
    /// them gives one to a key that has none.
    /// </summary>
    public Subscription? Subscribe(string? lastId, long key)
    {
        lock (_lock)
        {
            int own = _subscriptions.Count(open => open.Key == key);
            if (_subscriptions.Count >= options.Value.MaxStreams && own == 0
                && _subscriptions.GroupBy(open => open.Key).MaxBy(of => of.Count()) is { } most && most.Count() > 1)
            {
                Subscription displaced = most.Last();
                _subscriptions.Remove(displaced);
                displaced.End();
            }

            if (own >= Share || _subscriptions.Count >= options.Value.MaxStreams)
            {
                _turnedAway++;
                return null;
            }

            (List<StreamEvent> backlog, long? missed, bool gap) = Resume(lastId);
            Subscription subscription = new(this, key, backlog, missed, gap);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public IReadOnlyDictionary<string, long> Read()
    {
        lock (_lock)
        {
            return new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["events"] = _sequence,
                ["streams"] = _subscriptions.Count,
                ["missed"] = _missed,
                ["turnedAway"] = _turnedAway,
                ["condensed"] = _forgeable.Condensed,
            };
        }
    }

    private (List<StreamEvent> Backlog, long? Missed, bool Gap) Resume(string? lastId)
    {
        if (string.IsNullOrEmpty(lastId))
        {
            return ([], null, false);
        }

        int dash = lastId.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !lastId.AsSpan(0, dash).SequenceEqual(_epoch)
            || !long.TryParse(lastId.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long last) || last > _sequence)
        {
            return ([], null, true);
        }

        long oldest = Math.Max(1, _sequence - RingSize + 1);
        long first = Math.Max(last + 1, oldest);
        List<StreamEvent> backlog = [];
        for (long sequence = first; sequence <= _sequence; sequence++)
        {
            backlog.Add(_ring[sequence % RingSize]!);
        }

        return (backlog, first - last - 1, first > last + 1);
    }

    /// <summary>One open stream.</summary>
    public sealed class Subscription(EventHub hub, long key, IReadOnlyList<StreamEvent> backlog, long? missed, bool gap) : IDisposable
    {
        private readonly Channel<StreamEvent> _queue = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(QueueSize) { SingleReader = true });
        private long _missed;

        /// <summary>Whose stream it is.</summary>
        public long Key => key;

        /// <summary>What happened since the last event that the client knows.</summary>
        public IReadOnlyList<StreamEvent> Backlog => backlog;

        /// <summary>Whether the client missed something before; how many may be unknown.</summary>
        public bool Gap => gap;

        public long? Missed => missed;

        public ChannelReader<StreamEvent> Events => _queue.Reader;

        /// <summary>How many events found no place since the last call.</summary>
        public long TakeMissed() => Interlocked.Exchange(ref _missed, 0);

        public void Dispose()
        {
            lock (hub._lock)
            {
                hub._subscriptions.Remove(this);
            }
        }

        internal void End() => _queue.Writer.TryComplete();

        internal bool Offer(StreamEvent happened)
        {
            if (_queue.Writer.TryWrite(happened))
            {
                return true;
            }

            Interlocked.Increment(ref _missed);
            return false;
        }
    }
}
