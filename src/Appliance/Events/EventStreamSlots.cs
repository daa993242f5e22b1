using Blackwall.Api;
using Microsoft.Extensions.Options;

namespace Blackwall.Events;

/// <summary>Counts the open event streams of each key. Bounded; one key cannot keep the others out. Thread-safe.</summary>
internal sealed class EventStreamSlots(IOptions<ApiOptions> options)
{
    private readonly Lock _lock = new();
    private readonly List<StreamSlot> _taken = [];
    private long _missed;
    private long _turnedAway;

    /// <summary>Streams that one key may have open: a quarter of all; where there are few, all that no other key asks for.</summary>
    public int Share => options.Value.MaxStreams < 8 ? options.Value.MaxStreams : options.Value.MaxStreams / 4;

    /// <summary>Opens a stream; null: too many are open. When all are taken, the key with the most streams loses one to a key that has none.</summary>
    public StreamSlot? TryOpen(long key)
    {
        lock (_lock)
        {
            int own = _taken.Count(seat => seat.Key == key);
            if (_taken.Count >= options.Value.MaxStreams && own == 0
                && _taken.GroupBy(seat => seat.Key).MaxBy(of => of.Count()) is { } most && most.Count() > 1)
            {
                StreamSlot displaced = most.Last();
                _taken.Remove(displaced);
                displaced.End();
            }

            if (own >= Share || _taken.Count >= options.Value.MaxStreams)
            {
                _turnedAway++;
                return null;
            }

            StreamSlot seat = new(this, key);
            _taken.Add(seat);
            return seat;
        }
    }

    /// <summary>Counts what a client was told that it missed.</summary>
    public void Missed(long events) => Interlocked.Add(ref _missed, events);

    /// <summary>Streams that are open, events that clients were told they missed, and streams that found no place.</summary>
    public (int Streams, long Missed, long TurnedAway) Counts
    {
        get
        {
            lock (_lock)
            {
                return (_taken.Count, Interlocked.Read(ref _missed), _turnedAway);
            }
        }
    }

    /// <summary>One open stream.</summary>
    public sealed class StreamSlot(EventStreamSlots seats, long key) : IDisposable
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The key that opened it.</summary>
        public long Key => key;

        /// <summary>Completes when the stream was closed in favour of another key.</summary>
        public Task Over => _over.Task;

        public void Dispose()
        {
            lock (seats._lock)
            {
                seats._taken.Remove(this);
            }
        }

        internal void End() => _over.TrySetResult();
    }
}
