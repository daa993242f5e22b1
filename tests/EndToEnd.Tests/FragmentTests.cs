using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Servers;

namespace Blackwall.EndToEnd;

/// <summary>Datagrams in pieces pass when they may, and do not when their source may not.</summary>
public sealed class FragmentTests(Edge edge) : IClassFixture<Edge>
{
    private const int ThreeFragments = 4000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_ping_is_answered(bool v6)
    {
        var server = v6 ? edge.Network.Server.Addresses6[0] : edge.Network.Server.Addresses4[0];

        var ping = await edge.Network.Client.Network.TryAsync(
            ["ping", "-c", "3", "-i", "0.2", "-W", "2", "-s", "4000", server.ToString()],
            cancellation: TestContext.Current.CancellationToken);

        Assert.Contains("3 received", ping.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task A_large_datagram_is_answered_whole_and_not_from_a_banned_source(bool v6, bool offload)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await edge.Network.SetOffloadAsync(offload);
        var source = v6 ? edge.Network.Second.Addresses6[offload ? 0 : 1] : edge.Network.Second.Addresses4[offload ? 0 : 1];
        Assert.Equal(ThreeFragments, await EchoAsync(source));

        var ban = await edge.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        Assert.Equal(0, await EchoAsync(source));

        await edge.Api.LiftAsync(ban.Id, cancellation);
        Assert.Equal(ThreeFragments, await EchoAsync(source));
    }

    /// <returns>Bytes that came back; 0 when none did.</returns>
    private async Task<int> EchoAsync(IPAddress source)
    {
        var v6 = source.AddressFamily == AddressFamily.InterNetworkV6;
        using var socket = edge.Network.Second.OpenUdp(source);
        await socket.ConnectAsync(new IPEndPoint(v6 ? edge.Network.Server.Addresses6[0] : edge.Network.Server.Addresses4[0], ProtectedServer.EchoPort));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        var sent = Enumerable.Range(0, ThreeFragments).Select(i => (byte)i).ToArray();
        var back = new byte[ThreeFragments + 1];
        try
        {
            await socket.SendAsync(sent);
            var length = await socket.ReceiveAsync(back, patience.Token);
            Assert.Equal(sent, back[..length]);
            return length;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }
}
