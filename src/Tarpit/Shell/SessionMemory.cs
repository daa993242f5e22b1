using System.Runtime.CompilerServices;

namespace Blackwall.Tarpit.Shell;

/// <summary>
/// What the shells of one session hold: values, pipes and open files, counted together. It is counted anew when enough was added since the last time, so
/// that what copies share counts once and what is gone does not count.
/// </summary>
internal sealed class SessionMemory
{
    private const long Most = 16 << 20;
    private const long BetweenCounts = 1 << 20;

    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<IMemoryHolder, object> _holders = [];
    private long _added;

    /// <summary>From now on it is counted, until it is dropped or nobody has it any more.</summary>
    public void Hold(IMemoryHolder holder) => _holders.TryAdd(holder, this);

    public void Drop(IMemoryHolder holder) => _holders.Remove(holder);

    /// <summary>A holder wants more. False: there is no room.</summary>
    public bool TryGrow(long bytes)
    {
        lock (_lock)
        {
            _added += bytes;
            if (_added < BetweenCounts)
            {
                return true;
            }

            bool hasRoom = Count() + bytes <= Most;

            // Without room it is counted each time.
            _added = hasRoom ? 0 : BetweenCounts;
            return hasRoom;
        }
    }

    /// <summary>Bytes of a text that was not seen before.</summary>
    public static long SizeOf(string? text, HashSet<object> seen) => text is { Length: > 0 } && seen.Add(text) ? (text.Length * sizeof(char)) + 24 : 0;

    private long Count()
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        return _holders.Sum(pair => pair.Key.BytesHeld(seen));
    }
}

/// <summary>Something of a session that grows with what its peer does.</summary>
internal interface IMemoryHolder
{
    /// <param name="seen">Objects that were counted already; shared ones count once.</param>
    long BytesHeld(HashSet<object> seen);
}
