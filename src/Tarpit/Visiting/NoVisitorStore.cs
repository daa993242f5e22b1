namespace Blackwall.Tarpit.Visiting;

/// <summary>Keeps nothing: what visitors left lasts as long as the process.</summary>
internal sealed class NoVisitorStore : IVisitorStore
{
    public ValueTask<byte[]?> LoadAsync(byte[] key, CancellationToken cancellation) => new((byte[]?)null);

    public bool Has(byte[] key) => false;

    public void Save(byte[] key, byte[] value)
    {
        // There is no place for it.
    }
}
