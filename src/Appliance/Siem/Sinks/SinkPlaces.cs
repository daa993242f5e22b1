using Blackwall.Events;
using Blackwall.Storage;

namespace Blackwall.Siem.Sinks;

/// <summary>Stores how far each sink has got, with the next transaction. After a crash a sink gets again what it got in between.</summary>
internal sealed class SinkPlaces(StoreQueue queue) : IStoreRider
{
    private readonly PendingPlaces _places = new(queue);

    public void Move(string name, long place) => _places.Set(name, place);

    bool IStoreRider.TakeBatch() => _places.TakeBatch();

    void IStoreRider.Write(StoreTransaction transaction) => _places.Write(transaction, SinkStore.Place);

    void IStoreRider.Written() => _places.Written();

    void IStoreRider.Refused(string why)
    {
        // The batch stays, and newer places take the place of older ones in it.
    }
}
