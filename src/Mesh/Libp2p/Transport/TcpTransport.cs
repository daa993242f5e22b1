using System.Net;
using System.Net.Sockets;
using Blackwall.Mesh.Libp2p.Hosting;

namespace Blackwall.Mesh.Libp2p.Transport;

/// <summary>/ip4|ip6/../tcp/.. with Noise and Yamux; names (/dns4/../tcp/..) for dialling too.</summary>
internal sealed class TcpTransport(ConnectionUpgrader upgrader, ConnectionGate gate, MeshHostOptions options, MeshCounters counters, TimeProvider time) : ITransport
{
    public bool Takes(Multiaddr address) => address.Tcp is not null || Name(address) is not null;

    public async Task<ITransportConnection> DialAsync(Multiaddr address, PeerId? expected, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.UpgradeTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            IPEndPoint endpoint = address.Tcp ?? await ResolveAsync(Name(address)!.Value, both.Token);
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(endpoint, both.Token);
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            return await upgrader.UpgradeAsync(socket, outbound: true, expected, both.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new MeshException($"{address}: no answer within {options.UpgradeTimeout.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException or System.Security.Cryptography.CryptographicException or (IOException and not MeshException))
        {
            throw new MeshException($"{address}: {exception.Message}", exception);
        }
    }

    public Task<ITransportListener> ListenAsync(Multiaddr address, CancellationToken cancellation)
    {
        IPEndPoint endpoint = address.Tcp ?? throw new MeshException($"{address}: no IP address and TCP port to listen at.");
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(endpoint);
            socket.Listen(options.AcceptBacklog);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new MeshException($"{address}: {exception.Message}.", exception);
        }

        return Task.FromResult<ITransportListener>(new TcpTransportListener(socket, upgrader, gate, options, counters, time));
    }

    private static (string Name, AddressFamily Family, int Port)? Name(Multiaddr address)
    {
        IReadOnlyList<MultiaddrPart> parts = address.Parts;
        return parts.Count == (address.Peer is null ? 2 : 3) && parts[1].Protocol == MultiaddrProtocol.Tcp && Family(parts[0].Protocol) is { } family
            ? (System.Text.Encoding.UTF8.GetString(parts[0].Value.Span), family, (parts[1].Value.Span[0] << 8) | parts[1].Value.Span[1])
            : null;
    }

    private static AddressFamily? Family(MultiaddrProtocol protocol) => protocol switch
    {
        MultiaddrProtocol.Dns => AddressFamily.Unspecified,
        MultiaddrProtocol.Dns4 => AddressFamily.InterNetwork,
        MultiaddrProtocol.Dns6 => AddressFamily.InterNetworkV6,
        _ => null,
    };

    private static async Task<IPEndPoint> ResolveAsync((string Name, AddressFamily Family, int Port) name, CancellationToken cancellation)
    {
        IPAddress[] found = await Dns.GetHostAddressesAsync(name.Name, name.Family, cancellation);
        return found.Length > 0 ? new IPEndPoint(found[0], name.Port) : throw new MeshException($"{name.Name} has no address.");
    }
}
