namespace Blackwall.Classification;

/// <summary>Opinions by the digest of the numbers, for a time. Bounded: the oldest makes room. Belongs to the desk's loop.</summary>
internal sealed class OpinionCache(TimeProvider time)
{
    public const int Capacity = 4096;

    private readonly Dictionary<string, Opinion> _opinions = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public Opinion? Find(string digest, TimeSpan lifetime) =>
        _opinions.TryGetValue(digest, out Opinion? opinion) && time.GetUtcNow() - opinion.Time < lifetime ? opinion : null;

    public void Add(string digest, Opinion opinion)
    {
        if (_opinions.TryAdd(digest, opinion))
        {
            _order.Enqueue(digest);
        }
        else
        {
            _opinions[digest] = opinion;
        }

        if (_order.Count > Capacity)
        {
            _opinions.Remove(_order.Dequeue());
        }
    }
}
