using Blackwall.Storage;

namespace Blackwall.Siem.Sinks;

/// <summary>Stores how far each sink has got, with the next transaction. After a crash a sink gets again what it got in between.</summary>
internal sealed class SinkPlaces(StoreQueue queue) : IStoreRider
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _moved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _batch = new(StringComparer.Ordinal);

    public void Move(string name, long place)
    {
        lock (_lock)
        {
            _moved[name] = place;
        }

        queue.Wake();
    }

    bool IStoreRider.TakeBatch()
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

    void IStoreRider.Write(StoreTransaction transaction)
    {
        foreach ((string name, long place) in _batch)
        {
            SinkStore.Place(transaction, name, place);
        }
    }

    void IStoreRider.Written() => _batch.Clear();

    void IStoreRider.Refused(string why)
    {
        // The batch stays, and newer places take the place of older ones in it.
    }
}
