namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>A stream with its protocol and its connection.</summary>
internal sealed class MeshStream(IByteStream stream, MeshConnection connection, string protocol, bool outbound) : IMeshStream
{
    public string Protocol => protocol;

    public PeerId Remote => connection.Remote;

    public Multiaddr RemoteAddress => connection.RemoteAddress;

    public bool Outbound => outbound;

    public MeshConnection Connection => connection;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => stream.ReadAsync(buffer, cancellation);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => stream.WriteAsync(bytes, cancellation);

    public ValueTask CloseWriteAsync(CancellationToken cancellation) => stream.CloseWriteAsync(cancellation);

    public void Reset() => stream.Reset();

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
