using System.Globalization;
using System.Net;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>The kernel's own TCP Fast Open (RFC 7413) in both directions: data in the SYN, and 20 MB on such a connection.</summary>
public sealed class FastOpenScene(int guest) : IScene
{
    private const long Much = 20_000_000;
    private const int Little = 1_000;
    private const int Rounds = 5;
    private const int Both = 3; // net.ipv4.tcp_fastopen: as client and as server
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public string Title => "TCP Fast Open, outbound and inbound (curl --tcp-fastopen)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (network, server) = (play.Stage.Network, play.Stage.Network.Server);
        var outside = await network.AddGuestAsync(guest);
        await network.SmallPacketsAsync(outside, guest);
        server.Network.Set("ipv4/tcp_fastopen", Both);
        outside.Network.Set("ipv4/tcp_fastopen", Both);
        using var far = BulkServer.Start(outside.Network);
        var (opened, taken) = (Count(server.Network, "TCPFastOpenActive"), Count(server.Network, "TCPFastOpenPassive"));
        var failed = new List<string>();
        var answered = 0;
        foreach (var v6 in new[] { false, true })
        {
            var (inside, beyond) = v6 ? (server.Addresses6[0], outside.Addresses6[0]) : (server.Addresses4[0], outside.Addresses4[0]);
            await FetchAsync("outbound", new Transfer(server.Network, inside, new IPEndPoint(beyond, BulkServer.Port)));
            await FetchAsync("inbound", new Transfer(outside.Network, beyond, new IPEndPoint(inside, 80)));
        }

        play.Facts.Some(Title, "connections of the server whose SYN had data that was taken", Count(server.Network, "TCPFastOpenActive") - opened);
        play.Facts.Some(Title, "connections to the server whose SYN had data that was taken", Count(server.Network, "TCPFastOpenPassive") - taken);
        play.Facts.Some(Title, "requests that were answered", answered);
        play.Facts.Is(Title, "requests that were not", "none", failed.Count == 0 ? "none" : string.Join(", ", failed));
        await new Unharmed(play, Title).AreAsync([.. outside.Addresses4, .. outside.Addresses6], cancellation);

        async Task FetchAsync(string direction, Transfer transfer)
        {
            for (var i = 0; i <= Rounds; i++)
            {
                // The first one fetches the cookie.
                var bytes = i == Rounds ? Much : Little;
                if (await transfer.FetchAsync(bytes, s_patience, cancellation, "--tcp-fastopen"))
                {
                    answered++;
                }
                else
                {
                    failed.Add(string.Create(CultureInfo.InvariantCulture, $"{direction} {i} to {transfer.Target}, {bytes} bytes"));
                }
            }
        }
    }

    // Of the calling thread's namespace: /proc/net is that of the process.
    private static long Count(NetNamespace network, string name)
    {
        var lines = network.Do(() => File.ReadAllLines("/proc/thread-self/net/netstat"));
        var names = Array.Find(lines, l => l.StartsWith("TcpExt:", StringComparison.Ordinal))!.Split(' ');
        var values = Array.FindLast(lines, l => l.StartsWith("TcpExt:", StringComparison.Ordinal))!.Split(' ');
        return long.Parse(values[Array.IndexOf(names, name)], CultureInfo.InvariantCulture);
    }
}
