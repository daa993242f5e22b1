using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>
/// What authors took back, by the number of the message that did: an earlier message about the same target, which may arrive later, does not count. Bounded; the oldest
/// entry goes first.
/// </summary>
/// <param name="keep">How long an earlier message could still count.</param>
/// <param name="capacity">Entries.</param>
internal sealed class WithdrawnWords(TimeSpan keep, int capacity = 131_072)
{
    private readonly Dictionary<(PeerId Author, ulong Target), (ulong Epoch, ulong Counter)> _numbers = [];
    private readonly Queue<((PeerId Author, ulong Target) Key, (ulong Epoch, ulong Counter) Number, DateTimeOffset At)> _order = new();

    public void Add(PeerId author, ulong target, (ulong Epoch, ulong Counter) number, DateTimeOffset now)
    {
        if (IsAfter(author, target, number))
        {
            return;
        }

        _numbers[(author, target)] = number;
        _order.Enqueue(((author, target), number, now));
        if (_order.Count > capacity)
        {
            RemoveOldest();
        }
    }

    /// <summary>Whether an author took back what it said of a target in a later message than this one.</summary>
    public bool IsAfter(PeerId author, ulong target, (ulong Epoch, ulong Counter) number) =>
        _numbers.TryGetValue((author, target), out (ulong Epoch, ulong Counter) withdrawn) && withdrawn.CompareTo(number) > 0;

    public void Trim(DateTimeOffset now)
    {
        while (_order.TryPeek(out ((PeerId, ulong) Key, (ulong, ulong) Number, DateTimeOffset At) oldest) && (now - oldest.At).Duration() >= keep)
        {
            RemoveOldest();
        }
    }

    private void RemoveOldest()
    {
        ((PeerId, ulong) key, (ulong, ulong) number, _) = _order.Dequeue();
        if (_numbers.TryGetValue(key, out (ulong Epoch, ulong Counter) kept) && kept == number)
        {
            _numbers.Remove(key);
        }
    }
}
