using System.Net;
using System.Net.Sockets;
using Blackwall.Mesh.Libp2p.Hosting;

namespace Blackwall.Mesh.Libp2p.Transport;

/// <summary>/ip4|ip6/../tcp/.. with Noise and Yamux; names (/dns4/../tcp/..) for dialling too.</summary>
/// <param name="resolve">The addresses of a name; null: as the system says.</param>
internal sealed class TcpTransport(
    ConnectionUpgrader upgrader,
    ConnectionGate gate,
    MeshHostOptions options,
    MeshCounters counters,
    TimeProvider time,
    Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>>? resolve = null) : ITransport
{
    // Whoever answers for a name could name any number of addresses.
    private const int MaxAddresses = 8;

    public bool Takes(Multiaddr address) => address.Tcp is not null || Name(address) is not null;

    public async Task<ITransportConnection> DialAsync(Multiaddr address, PeerId? expected, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.UpgradeTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            IPEndPoint[] endpoints = address.Tcp is { } only ? [only] : await ResolveAsync(Name(address)!.Value, both.Token);
            for (int at = 0; at < endpoints.Length - 1; at++)
            {
                // One that does not answer leaves the others their share of the time.
                using var share = CancellationTokenSource.CreateLinkedTokenSource(both.Token);
                share.CancelAfter(options.UpgradeTimeout / endpoints.Length);
                try
                {
                    return await DialAsync(endpoints[at], expected, share.Token);
                }
                catch (Exception exception) when (!both.IsCancellationRequested && (IsFailure(exception) || exception is OperationCanceledException))
                {
                    // The next address of the name.
                }
            }

            return await DialAsync(endpoints[^1], expected, both.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new MeshException($"{address}: no answer within {options.UpgradeTimeout.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception) when (exception is not MeshException && IsFailure(exception))
        {
            throw new MeshException($"{address}: {exception.Message}", exception);
        }
    }

    private static bool IsFailure(Exception exception) =>
        exception is SocketException or InvalidDataException or System.Security.Cryptography.CryptographicException or IOException;

    private async Task<ITransportConnection> DialAsync(IPEndPoint endpoint, PeerId? expected, CancellationToken cancellation)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return await upgrader.UpgradeAsync(socket, outbound: true, expected, cancellation);
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

    private async Task<IPEndPoint[]> ResolveAsync((string Name, AddressFamily Family, int Port) name, CancellationToken cancellation)
    {
        IPAddress[] found = await (resolve ?? Dns.GetHostAddressesAsync)(name.Name, name.Family, cancellation);
        return found.Length > 0 ? [.. found.Take(MaxAddresses).Select(ip => new IPEndPoint(ip, name.Port))] : throw new MeshException($"{name.Name} has no address.");
    }
}
