using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// A source is sent into the tarpit: at the address and port it asked for, another answers. Played with the hosts'
/// checksum offload on and off, because a veth hides a wrong checksum while it is on.
/// </summary>
public sealed class RedirectScene : IScene
{
    private const int UdpPort = 53;

    public string Title => "Redirect";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        foreach (var offload in play.Offload)
        {
            await play.Stage.Network.SetOffloadAsync(offload);
            await RedirectAsync(play, offload, cancellation);
        }

        await play.Stage.Network.SetOffloadAsync(on: true);
    }

    private async Task RedirectAsync(Play play, bool offload, CancellationToken cancellation)
    {
        var (stage, attacker, server) = (play.Stage, play.Stage.Network.Second, play.Stage.Network.Server);
        (IPAddress Source, IPAddress Server)[] families =
        [
            (attacker.Addresses4[offload ? 4 : 5], server.Addresses4[0]),
            (attacker.Addresses6[offload ? 4 : 5], server.Addresses6[0]),
        ];
        var setting = offload ? "offload on" : "offload off";
        foreach (var (source, address) in families)
        {
            var family = source.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
            var redirect = await stage.Api.MustDecideAsync(source.ToString(), "redirect", cancellation);
            var tcp = await RedirectProbe.TcpAsync(attacker, source, new IPEndPoint(address, 22), cancellation);
            play.Facts.Is(Title, $"who greets at {address} port 22 ({setting})", TarpitStandIn.Banner, tcp.Greeting);
            play.Facts.Is(Title, $"{family} TCP bytes both ways intact ({setting})", "True", tcp.EchoIntact.ToString());
            Known(play, ProtocolType.Tcp, source, tcp.SourcePort, $"{family} TCP source as the tarpit sees it ({setting})");
            var udp = await RedirectProbe.UdpAsync(attacker, source, new IPEndPoint(address, UdpPort), "who is there?", cancellation);
            play.Facts.Is(Title, $"{family} UDP answer at port {UdpPort} intact ({setting})", "True", udp.EchoIntact.ToString());
            Known(play, ProtocolType.Udp, source, udp.SourcePort, $"{family} UDP source as the tarpit sees it ({setting})");
            await stage.Api.LiftAsync(redirect.Id, cancellation);
            using var real = await attacker.ConnectAsync(new IPEndPoint(address, 22), source, TimeSpan.FromSeconds(5), cancellation);
            var greeting = real is null ? RedirectView.NoAnswer : await RedirectProbe.ReadLineAsync(real, cancellation);
            play.Facts.Holds(Title, $"who greets there after the lift ({family}, {setting})", "the real server", greeting, greeting.StartsWith("SSH-2.0-", StringComparison.Ordinal) && !string.Equals(greeting, TarpitStandIn.Banner, StringComparison.Ordinal));
        }
    }

    private void Known(Play play, ProtocolType protocol, IPAddress source, int port, string name)
    {
        var expected = new IPEndPoint(source, port).ToString();
        var seen = play.Stage.Tarpit.Sessions.LastOrDefault(s => s.Protocol == protocol)?.Peer.ToString() ?? "nobody";
        play.Facts.Is(Title, name, expected, seen);
    }
}
