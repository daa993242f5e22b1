namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>Bytes received and not read yet, over all connections of a host.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long _used;

    public bool Exhausted => Interlocked.Read(ref _used) > limit;

    public long Used => Interlocked.Read(ref _used);

    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);
}
