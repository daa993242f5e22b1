using System.Net.Quic;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Mesh.Libp2p.Hosting;

namespace Blackwall.Mesh.Libp2p.Quic;

/// <summary>Takes QUIC connections within the host's limits.</summary>
internal sealed class QuicTransportListener(QuicListener listener, ConnectionGate gate, MeshCounters counters, TimeProvider time) : ITransportListener
{
    public Multiaddr Address { get; } = Multiaddr.OfQuic(listener.LocalEndPoint);

    public async Task<ITransportConnection?> AcceptAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                QuicConnection connection = await listener.AcceptConnectionAsync(cancellation);
                if (await TakeAsync(connection) is { } taken)
                {
                    return taken;
                }
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (QuicException exception) when (exception.QuicError is QuicError.OperationAborted)
            {
                return null;
            }
            catch (Exception exception) when (exception is QuicException or AuthenticationException)
            {
                counters.Count(MeshLoss.HandshakeFailed);
            }
        }
    }

    public ValueTask DisposeAsync() => listener.DisposeAsync();

    private async Task<QuicMeshConnection?> TakeAsync(QuicConnection connection)
    {
        if (connection.RemoteCertificate is not X509Certificate2 certificate || PeerCertificate.TryRead(certificate, time, out _) is not { } key)
        {
            counters.Count(MeshLoss.HandshakeFailed);
            await connection.DisposeAsync();
            return null;
        }

        if (gate.TryEnter(connection.RemoteEndPoint.Address) is not { } place)
        {
            await connection.DisposeAsync();
            return null;
        }

        var taken = new QuicMeshConnection(connection, key, outbound: false);
        _ = LeaveAtEndAsync(taken, place);
        return taken;
    }

    private static async Task LeaveAtEndAsync(QuicMeshConnection connection, IDisposable place)
    {
        await connection.Ended;
        place.Dispose();
    }
}
