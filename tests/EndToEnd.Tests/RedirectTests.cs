using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.EndToEnd;

/// <summary>A redirected source talks to the tarpit and sees the server's addresses.</summary>
public sealed class RedirectTests(Edge edge) : IClassFixture<Edge>
{
    private const int Ssh = 22;
    private const int UnusedPort = 8081;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private LabHost Attacker => edge.Network.Second;

    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(true, true, 0)]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 1)]
    public async Task A_new_tcp_flow_goes_to_the_tarpit_and_its_answers_come_from_the_address_that_was_asked(bool offload, bool v6, int address)
    {
        var (source, server) = Ends(v6, address);
        await using var redirect = await RedirectAsync(source, offload);

        foreach (var port in new[] { Ssh, UnusedPort })
        {
            var view = await RedirectProbe.TcpAsync(Attacker, source, new IPEndPoint(server, port), TestContext.Current.CancellationToken);

            Assert.Equal(TarpitStandIn.Banner, view.Greeting);
            Assert.True(view.EchoIntact);
            Assert.Equal(new IPEndPoint(source, view.SourcePort), Last(ProtocolType.Tcp));
        }
    }

    [Theory]
    [InlineData(true, false, 2)]
    [InlineData(true, true, 2)]
    [InlineData(false, false, 3)]
    [InlineData(false, true, 3)]
    public async Task A_new_udp_flow_goes_to_the_tarpit_and_its_answers_come_from_the_address_that_was_asked(bool offload, bool v6, int address)
    {
        var (source, server) = Ends(v6, address);
        await using var redirect = await RedirectAsync(source, offload);

        var view = await RedirectProbe.UdpAsync(Attacker, source, new IPEndPoint(server, 53), "who is there?", TestContext.Current.CancellationToken);

        Assert.Equal(TarpitStandIn.Answer("who is there?"), view.Greeting);
        Assert.Equal(new IPEndPoint(source, view.SourcePort), Last(ProtocolType.Udp));
    }

    [Theory]
    [InlineData(true, false, 4)]
    [InlineData(true, true, 4)]
    [InlineData(false, false, 5)]
    [InlineData(false, true, 5)]
    public async Task A_flow_to_the_edge_itself_goes_to_the_tarpit_too(bool offload, bool v6, int address)
    {
        var (source, _) = Ends(v6, address);
        await using var redirect = await RedirectAsync(source, offload);

        var view = await RedirectProbe.TcpAsync(Attacker, source, new IPEndPoint(v6 ? LabNetwork.EdgeWan6 : LabNetwork.EdgeWan4, UnusedPort), TestContext.Current.CancellationToken);

        Assert.Equal(TarpitStandIn.Banner, view.Greeting);
        Assert.True(view.EchoIntact);
    }

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 6)]
    public async Task A_flow_under_way_stays_with_the_server_and_a_redirected_one_with_the_tarpit(bool v6, int address)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (source, server) = Ends(v6, address);
        using var early = await ConnectAsync(source, new IPEndPoint(server, Ssh));
        var greeting = await RedirectProbe.ReadLineAsync(early, cancellation);
        Assert.StartsWith("SSH-2.0-", greeting, StringComparison.Ordinal);
        Assert.NotEqual(TarpitStandIn.Banner, greeting, StringComparer.Ordinal);

        Socket late;
        await using (await RedirectAsync(source, offload: true))
        {
            late = await ConnectAsync(source, new IPEndPoint(server, Ssh));
            Assert.Equal(TarpitStandIn.Banner, await RedirectProbe.ReadLineAsync(late, cancellation));

            // The server answers our version with its key exchange; the stand-in would echo the version itself.
            await early.SendAsync("SSH-2.0-test\r\n"u8.ToArray(), cancellation);
            var answer = new byte[64];
            Assert.True(await early.ReceiveAsync(answer, cancellation) > 5);
            Assert.NotEqual((byte)'S', answer[0]);
        }

        using (late)
        {
            Assert.True(await RedirectProbe.EchoesAsync(late, cancellation), "the lift took the flow away from the tarpit");
        }

        using var fresh = await ConnectAsync(source, new IPEndPoint(server, Ssh));
        Assert.NotEqual(TarpitStandIn.Banner, await RedirectProbe.ReadLineAsync(fresh, cancellation), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(false, 7)]
    [InlineData(true, 7)]
    public async Task Two_sources_with_the_same_port_are_kept_apart(bool v6, int address)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (first, server) = Ends(v6, address);
        var (second, _) = Ends(v6, address + 1);
        await using var one = await RedirectAsync(first, offload: true);
        await using var two = await RedirectAsync(second, offload: true);

        var answers = await Task.WhenAll(
            RedirectProbe.TcpAsync(Attacker, first, new IPEndPoint(server, Ssh), cancellation),
            RedirectProbe.TcpAsync(Attacker, second, new IPEndPoint(server, Ssh), cancellation),
            RedirectProbe.TcpAsync(Attacker, first, new IPEndPoint(server, UnusedPort), cancellation));

        Assert.All(answers, view => Assert.Equal(TarpitStandIn.Banner, view.Greeting));
        Assert.All(answers, view => Assert.True(view.EchoIntact));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_tarpits_own_port_is_not_reachable_from_outside(bool v6)
    {
        var (source, _) = Ends(v6, 10);
        var target = new IPEndPoint(v6 ? LabNetwork.EdgeWan6 : LabNetwork.EdgeWan4, TarpitStandIn.Port);

        using var socket = await Attacker.ConnectAsync(target, source, TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        Assert.Null(socket);
    }

    private (IPAddress Source, IPAddress Server) Ends(bool v6, int address) => v6
        ? (Attacker.Addresses6[address], edge.Network.Server.Addresses6[0])
        : (Attacker.Addresses4[address], edge.Network.Server.Addresses4[0]);

    private IPEndPoint? Last(ProtocolType protocol) => edge.Stage.Tarpit.Sessions.LastOrDefault(s => s.Protocol == protocol)?.Peer;

    private async Task<Socket> ConnectAsync(IPAddress source, IPEndPoint target)
    {
        var socket = await Attacker.ConnectAsync(target, source, s_patience, TestContext.Current.CancellationToken);
        Assert.NotNull(socket);
        return socket;
    }

    private async Task<Redirect> RedirectAsync(IPAddress source, bool offload)
    {
        await edge.Network.SetOffloadAsync(offload);
        return new Redirect(edge, (await edge.Api.MustDecideAsync(source.ToString(), "redirect", TestContext.Current.CancellationToken)).Id);
    }

    private sealed class Redirect(Edge edge, long decision) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await edge.Api.LiftAsync(decision, CancellationToken.None);
            await edge.Network.SetOffloadAsync(on: true);
        }
    }
}
