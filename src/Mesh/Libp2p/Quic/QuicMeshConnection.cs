using System.Net.Quic;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p.Quic;

/// <summary>A QUIC connection as the host sees connections.</summary>
internal sealed class QuicMeshConnection(QuicConnection connection, PublicKey remoteKey, bool outbound) : ITransportConnection
{
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PublicKey RemoteKey => remoteKey;

    public Multiaddr RemoteAddress { get; } = Multiaddr.OfQuic(connection.RemoteEndPoint);

    public Multiaddr LocalAddress { get; } = Multiaddr.OfQuic(connection.LocalEndPoint);

    public bool Outbound => outbound;

    public Task<string> Ended => _ended.Task;

    public async ValueTask<IByteStream> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return new QuicByteStream(await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, cancellation));
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            throw new IOException("The connection ended.", exception);
        }
    }

    public async ValueTask<IByteStream?> AcceptAsync(CancellationToken cancellation)
    {
        try
        {
            return new QuicByteStream(await connection.AcceptInboundStreamAsync(cancellation));
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            _ended.TrySetResult(exception is QuicException { QuicError: QuicError.ConnectionAborted } ? "closed by the other side" : exception.Message);
            return null;
        }
    }

    public async ValueTask CloseAsync()
    {
        _ended.TrySetResult("closed by us");
        try
        {
            await connection.CloseAsync(0);
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            // It ended before.
        }

        await connection.DisposeAsync();
    }

    public ValueTask DisposeAsync() => CloseAsync();
}
