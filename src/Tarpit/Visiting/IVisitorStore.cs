namespace Blackwall.Tarpit.Visiting;

/// <summary>Where what visitors left is kept beyond the life of this process. Keys are 32 bytes.</summary>
internal interface IVisitorStore
{
    /// <summary>Null: there is nothing, or it does not answer in time.</summary>
    ValueTask<byte[]?> LoadAsync(byte[] key, CancellationToken cancellation);

    /// <summary>Whether there is something.</summary>
    bool Has(byte[] key);

    /// <summary>Keeps a value; it may be lost.</summary>
    void Save(byte[] key, byte[] value);
}
