namespace Blackwall.Capture;

/// <summary>
/// In-memory index of captures that ended: which one is removed next, and which decisions have a full capture. As many as the index holds
/// (pcap.max_captures). Not thread-safe: the book locks.
/// </summary>
internal sealed class EndedCaptures
{
    private readonly SortedDictionary<long, CaptureRecord> _captures = [];
    private readonly PriorityQueue<long, DateTimeOffset> _byEnd = new();

    // By decision, the capture that was full.
    private readonly Dictionary<long, long> _spent = [];

    public int Count => _captures.Count;

    /// <summary>The oldest; null: there is none.</summary>
    public long? Oldest => _captures.Count == 0 ? null : _captures.Keys.First();

    public void Add(CaptureRecord capture, bool isFull)
    {
        _captures[capture.Id] = capture;
        _byEnd.Enqueue(capture.Id, capture.Ended ?? capture.Until);
        foreach (long decision in capture.Decisions)
        {
            if (isFull)
            {
                _spent[decision] = capture.Id;
            }
            else
            {
                _spent.Remove(decision);
            }
        }
    }

    /// <summary>Null: there is none of this id.</summary>
    public CaptureRecord? Find(long id) => _captures.GetValueOrDefault(id);

    /// <summary>Takes one out; null: there is none of this id.</summary>
    public CaptureRecord? Remove(long id)
    {
        if (!_captures.Remove(id, out CaptureRecord? capture))
        {
            return null;
        }

        foreach (long decision in capture.Decisions)
        {
            if (_spent.TryGetValue(decision, out long full) && full == id)
            {
                _spent.Remove(decision);
            }
        }

        return capture;
    }

    /// <summary>Whether the newest capture of a decision ended because it was full.</summary>
    public bool IsSpent(long decision) => _spent.ContainsKey(decision);

    /// <summary>Captures that have to go, oldest first: those that ended before a date, and as many as are beyond a number.</summary>
    public IReadOnlyList<long> Superfluous(DateTimeOffset endedBefore, int kept, int most)
    {
        HashSet<long> ids = [.. _captures.Keys.Take(Math.Clamp(_captures.Count - kept, 0, most))];
        while (ids.Count < most && _byEnd.TryPeek(out long id, out DateTimeOffset ended) && (ended < endedBefore || !_captures.ContainsKey(id)))
        {
            _byEnd.Dequeue();
            if (_captures.ContainsKey(id))
            {
                ids.Add(id);
            }
        }

        return [.. ids.Order()];
    }
}
