using System.Collections.Concurrent;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// Passes changes of the board to its observers: collected under the board's lock, delivered in the same order outside of it, before the call that
/// changed the board returns. Bounded; changes beyond that are counted. Thread-safe.
/// </summary>
internal sealed class ChangeFeed(IEnumerable<IDecisionObserver> observers)
{
    /// <summary>Changes that one call may make and still have all of them told.</summary>
    public const int Capacity = 65_536;

    private readonly ConcurrentQueue<DecisionChange> _noted = new();
    private readonly IDecisionObserver[] _observers = [.. observers];
    private readonly Lock _telling = new();
    private int _waiting;
    private long _untold;

    /// <summary>Changes that found no place.</summary>
    public long Untold => Interlocked.Read(ref _untold);

    /// <summary>Called under the board's lock.</summary>
    public void Add(DecisionChange change)
    {
        if (Interlocked.Increment(ref _waiting) > Capacity)
        {
            Interlocked.Decrement(ref _waiting);
            Interlocked.Increment(ref _untold);
            return;
        }

        _noted.Enqueue(change);
    }

    /// <summary>Delivers what was collected; on return everything collected before the call is delivered, by this or by another thread.</summary>
    public void Deliver()
    {
        lock (_telling)
        {
            while (_noted.TryDequeue(out DecisionChange? change))
            {
                Interlocked.Decrement(ref _waiting);
                foreach (IDecisionObserver observer in _observers)
                {
                    observer.OnChange(change);
                }
            }
        }
    }
}
