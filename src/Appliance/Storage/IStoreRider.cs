namespace Blackwall.Storage;

/// <summary>
/// A part of the appliance that keeps something in the store. What all parts have to write goes into one transaction, so that one write to the disk
/// makes an acknowledged change and what belongs to it durable together. Called by the journal alone, one call at a time.
/// </summary>
internal interface IStoreRider
{
    /// <summary>
    /// Reads what an earlier process left, before anything is written. Called again, with an empty store, when the first proves corrupt.
    /// </summary>
    /// <param name="store">Null: it cannot be opened.</param>
    /// <param name="isNew">What earlier processes gave out is not known any more: the file before was put aside.</param>
    void Restore(StoreTransaction? store, bool isNew)
    {
        // By default nothing is read at the start: many parts read when they are asked.
    }

    /// <summary>What was read last is valid and takes effect.</summary>
    void Restored()
    {
        // By default there is nothing to take over.
    }

    /// <summary>Moves what waits into a batch; the batch before is in it as long as it was not written. False: there is nothing to write.</summary>
    bool TakeBatch();

    /// <summary>Writes the batch.</summary>
    void Write(StoreTransaction transaction);

    /// <summary>Whether what was written belongs together. False: the transaction is rolled back, and batches are taken and written again.</summary>
    bool IsWhole() => true;

    /// <summary>Last in every transaction, whoever has something to write.</summary>
    void Seal(StoreTransaction transaction)
    {
        // For what has to be as new as the rest of the store.
    }

    /// <summary>The transaction is committed, and with it the batch, if there was one.</summary>
    void Written();

    /// <summary>The transaction failed; the batch, if there was one, waits for the next attempt.</summary>
    /// <param name="why">One sentence.</param>
    void Refused(string why);

    /// <summary>A corrupt file was replaced by an empty one: what this part still has in memory is written again.</summary>
    void Renew()
    {
        // By default nothing: a part that keeps no copy in memory has lost what it stored.
    }

    /// <summary>The appliance stops and everything is stored: reservations are given back.</summary>
    void Close(StoreTransaction transaction)
    {
        // By default nothing is reserved.
    }
}
