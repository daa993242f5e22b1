using Blackwall.Storage;

namespace Blackwall.Events;

/// <summary>
/// Places in the log that readers have got to, until the store has them. Newer places replace older ones; a batch that the disk refuses stays. Set by any
/// thread, the rest by the writer of the store.
/// </summary>
internal sealed class PendingPlaces(StoreQueue queue)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _moved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _batch = new(StringComparer.Ordinal);

    public void Set(string name, long place)
    {
        lock (_lock)
        {
            _moved[name] = place;
        }

        queue.Wake();
    }

    /// <summary>Whether there is anything to write.</summary>
    public bool TakeBatch()
    {
        lock (_lock)
        {
            foreach ((string name, long place) in _moved)
            {
                _batch[name] = place;
            }

            _moved.Clear();
        }

        return _batch.Count > 0;
    }

    public void Write(StoreTransaction transaction, Action<StoreTransaction, string, long> write)
    {
        foreach ((string name, long place) in _batch)
        {
            write(transaction, name, place);
        }
    }

    public void Written() => _batch.Clear();
}
