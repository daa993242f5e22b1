namespace Blackwall.Storage;

/// <summary>
/// What is written in the same transaction as the decisions, so that one write to the disk makes an acknowledged change and what belongs to it
/// durable together. Called by the journal alone, one call at a time.
/// </summary>
internal interface IStoreRider
{
    /// <summary>Moves what waits into a batch; the batch before is in it as long as it was not written. False: there is nothing to write.</summary>
    bool Take();

    /// <summary>Writes the batch.</summary>
    void Write(StoreTransaction transaction);

    /// <summary>The batch is in the store.</summary>
    void Written();

    /// <summary>The store refused; the batch waits for the next attempt.</summary>
    /// <param name="why">One sentence.</param>
    void Refused(string why);
}
