using System.Net.Quic;

namespace Blackwall.Mesh.Libp2p.Quic;

/// <summary>A QUIC stream as protocols see streams.</summary>
internal sealed class QuicByteStream(QuicStream stream) : IByteStream
{
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellation);
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            throw new IOException("The stream was reset.", exception);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellation);
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            throw new IOException("The stream was reset.", exception);
        }
    }

    public ValueTask CloseWriteAsync(CancellationToken cancellation)
    {
        stream.CompleteWrites();
        return ValueTask.CompletedTask;
    }

    public void Reset()
    {
        try
        {
            stream.Abort(QuicAbortDirection.Both, 0);
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            // It ended before.
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
