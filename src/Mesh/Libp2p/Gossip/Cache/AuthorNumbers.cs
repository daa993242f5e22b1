namespace Blackwall.Mesh.Libp2p.Gossip.Cache;

/// <summary>
/// Up to which sequence number each author's messages are over: the highest one of those that the seen cache has forgotten. What is above is
/// either new or still known as seen, so a message is never taken twice, and messages that overtake each other within the time of the seen cache
/// are all taken. Bounded in authors: those whose numbers have not grown for longest are forgotten, half of all at a time.
/// </summary>
internal sealed class AuthorNumbers(int capacity)
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private Dictionary<PeerId, ulong> _young = [];
    private Dictionary<PeerId, ulong> _old = [];

    /// <summary>The message is over: it was here before, or one that its author sent after it.</summary>
    public bool IsOver(PeerId author, ulong number) =>
        (_young.TryGetValue(author, out ulong highest) || _old.TryGetValue(author, out highest)) && number <= highest;

    /// <summary>A message was forgotten as seen. Returns how many authors had to go for it.</summary>
    public int Forgotten(PeerId author, ulong number)
    {
        if (_young.TryGetValue(author, out ulong highest) || _old.Remove(author, out highest))
        {
            _young[author] = Math.Max(number, highest);
        }
        else
        {
            _young.Add(author, number);
        }

        if (_young.Count <= _half)
        {
            return 0;
        }

        int gone = _old.Count;
        (_old, _young) = (_young, []);
        return gone;
    }
}
