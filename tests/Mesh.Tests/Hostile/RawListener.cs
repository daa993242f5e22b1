using System.Net;
using System.Net.Sockets;
using Blackwall.Mesh.Libp2p;
using Xunit;

namespace Blackwall.Tests.Mesh.Hostile;

/// <summary>Where a host dials and meets whatever the test wants it to.</summary>
internal sealed class RawListener : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RawListener()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
    }

    public Multiaddr Address => Multiaddr.OfTcp((IPEndPoint)_socket.LocalEndPoint!);

    public async Task<RawPeer> AcceptAsync() => RawPeer.Of(await _socket.AcceptAsync(TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
