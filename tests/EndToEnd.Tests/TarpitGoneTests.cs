using System.Net;
using System.Net.Sockets;

namespace Blackwall.EndToEnd;

/// <summary>ICMP errors inside redirected flows speak of the addresses that the client knows (RFC 5508, section 4).</summary>
public sealed class TarpitGoneTests(Edge edge) : IClassFixture<Edge>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task A_closed_port_behind_the_redirect_is_reported_as_the_server_would(bool v6, bool offload)
    {
        var cancellation = TestContext.Current.CancellationToken;
        edge.Stage.Tarpit.Dispose(); // UDP to it is now answered with "port unreachable", quoting the translated packet
        await edge.Network.SetOffloadAsync(offload);
        var attacker = edge.Network.Second;
        var source = v6 ? attacker.Addresses6[offload ? 0 : 1] : attacker.Addresses4[offload ? 0 : 1];
        var server = v6 ? edge.Network.Server.Addresses6[0] : edge.Network.Server.Addresses4[0];
        await edge.Api.MustDecideAsync(source.ToString(), "redirect", cancellation);
        using var socket = attacker.OpenUdp(source);
        await socket.ConnectAsync(new IPEndPoint(server, 53), cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);

        // The kernel hands the error to this socket only if the quoted packet is the one that it sent.
        await socket.SendAsync("anyone?"u8.ToArray(), cancellation);
        var error = await Assert.ThrowsAsync<SocketException>(() => socket.ReceiveAsync(new byte[16], patience.Token).AsTask());

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }
}
