using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Somebody forges packets in the names of live hosts: a user at work, one who has left, one who has never come yet, one with a long connection.
/// Their own stacks answer what the wall asks. None of them may be blocked, and all of their requests, and their neighbour's, are answered.
/// </summary>
/// <param name="victims">Number of the guest whose addresses are used.</param>
/// <param name="forger">Number of the guest that forges.</param>
/// <param name="v6">Over IPv6.</param>
public sealed class ForgedNameScene(int victims, int forger, bool v6) : IScene
{
    private const int Worker = 0, Left = 1, Stranger = 2, Talker = 3, Neighbour = 4, Roles = 5;
    private const int SynsPerVictim = 2_000;
    private const int FramesPerSecond = 1_600; // 400 SYNs a second in each name
    private const byte Fin = 1, Syn = 2, Rst = 4, Push = 8, Ack = 16, Urgent = 32;

    private static readonly string[] s_roles = ["user at work", "user who had left", "stranger", "running connection", "neighbour"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(60);

    public string Title => $"Packets forged in the names of live hosts over {(v6 ? "IPv6" : "IPv4")} (tcpreplay)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var stage = play.Stage;
        var host = await stage.Network.AddGuestAsync(victims, Roles);
        var attacker = await stage.Network.AddGuestAsync(forger);
        var names = v6 ? host.Addresses6 : host.Addresses4;
        var server = v6 ? stage.Network.Server.Addresses6[0] : stage.Network.Server.Addresses4[0];
        var url = string.Create(CultureInfo.InvariantCulture, $"http://{(v6 ? $"[{server}]" : server)}/");
        var visits = new Visits(host, url, names);

        await visits.FetchAsync(Left, 3, cancellation);
        await visits.FetchAsync(Worker, 3, cancellation);
        using var socket = await host.ConnectAsync(new IPEndPoint(server, 80), names[Talker], s_patience, cancellation)
            ?? throw new InvalidOperationException("The server does not take the connection that shall be attacked.");
        using KeptConnection kept = new(socket);
        visits.Count(await kept.AskAsync(s_patience, cancellation), Talker);

        var file = stage.Run.File($"forged-{(v6 ? 6 : 4)}.pcap");
        var frames = Frames(names, (IPEndPoint)socket.LocalEndPoint!, server).ToList();
        await PcapFile.WriteAsync(file, frames, cancellation);
        play.Narrator.Say($"{frames.Count} packets: NULL, XMAS, FIN and half-open scans, 400 SYNs a second in each name, probing requests and resets on a running connection, datagrams");
        await using var outside = await Capture.StartAsync(stage.Run, attacker.Network, LabHost.Interface, "tcp or udp", cancellation);
        var forging = attacker.Network.TryAsync(
            ["tcpreplay", "-q", "--pps", FramesPerSecond.ToString(CultureInfo.InvariantCulture), "-i", LabHost.Interface, file], s_length, cancellation);
        do
        {
            await visits.FetchAsync(Worker, 1, cancellation);
            await visits.FetchAsync(Neighbour, 1, cancellation);
            visits.Count(await kept.AskAsync(s_patience, cancellation), Talker);
        }
        while (!forging.IsCompleted);

        await visits.FetchAsync(Left, 3, cancellation);
        await visits.FetchAsync(Stranger, 20, cancellation);
        visits.Count(await kept.AskAsync(s_patience, cancellation), Talker);
        play.Facts.Is(Title, "forged packets sent", frames.Count.ToString(CultureInfo.InvariantCulture), (await outside.StopAsync()).Count.ToString(CultureInfo.InvariantCulture));
        var about = new List<string>();
        var told = 0;
        foreach (var name in names)
        {
            about.AddRange((await stage.Api.DecisionsAsync(name, cancellation)).Where(d => d.Verdict is not ("rate-limit" or "pass")).Select(d => d.ToString()));
            told += (await stage.Api.EvidenceKindsAsync(name, cancellation)).Count;
        }

        play.Facts.Some(Title, "kinds of evidence told about the names", told);
        play.Facts.Is(Title, "blocks and diversions of the names", "none", about.Count == 0 ? "none" : string.Join("; ", about));
        play.Facts.Report(Title, "longest request of the stranger after all of that", visits.Longest);
        play.Facts.Some(Title, "their requests that were answered", visits.Answered);
        play.Facts.Is(Title, "their requests that were not", "none", visits.Failed.Count == 0 ? "none" : string.Join(", ", visits.Failed));
    }

    // In the name of all but the neighbour.
    private static IEnumerable<byte[]> Frames(IReadOnlyList<IPAddress> names, IPEndPoint talker, IPAddress server)
    {
        var router = PhysicalAddress.Parse(LabNetwork.RouterMac);
        Random random = new(11);
        var web = new IPEndPoint(server, 80);
        int[] victims = [Worker, Left, Stranger, Talker];
        foreach (var victim in victims)
        {
            byte[] stealth = [0, 0, 0, Fin | Push | Urgent, Fin | Push | Urgent, Fin, Fin, Syn | Fin, Syn];
            foreach (var flags in stealth)
            {
                yield return ForgedFrame.Tcp(router, new IPEndPoint(names[victim], Port()), new IPEndPoint(server, random.Next(1, 1000)), flags, Number(), 0);
            }
        }

        for (var i = 0; i < SynsPerVictim; i++)
        {
            foreach (var victim in victims)
            {
                // Each tenth asks another port: a half-open scan beside the flood.
                yield return ForgedFrame.Tcp(router, new IPEndPoint(names[victim], Port()), i % 10 == 0 ? new IPEndPoint(server, 1 + (i / 10)) : web, Syn, Number(), 0);
            }

            if (i % 5 != 0)
            {
                continue;
            }

            foreach (var victim in victims)
            {
                yield return ForgedFrame.Udp(router, new IPEndPoint(names[victim], Port()), new IPEndPoint(server, 1 + (i % 1000)), "forged"u8);
                yield return ForgedFrame.Tcp(router, new IPEndPoint(names[victim], Port()), web, Push | Ack, Number(), Number(), "GET /.env HTTP/1.1\r\nHost: x\r\n\r\n"u8, wrongChecksum: i % 2 == 0);
            }

            yield return ForgedFrame.Tcp(router, talker, web, Push | Ack, Number(), Number(), "GET /wp-login.php HTTP/1.1\r\nHost: x\r\n\r\n"u8, wrongChecksum: i % 2 == 0);
            yield return ForgedFrame.Tcp(router, talker, web, Rst, Number(), 0);
            yield return ForgedFrame.Tcp(router, talker, web, Fin | Ack, Number(), Number());
        }

        ushort Port() => (ushort)random.Next(1024, 65536);

        uint Number() => (uint)random.NextInt64(1L << 32);
    }

    private sealed class Visits(LabHost host, string url, IReadOnlyList<IPAddress> names)
    {
        private double _longest;

        public int Answered { get; private set; }

        public string Longest => string.Create(CultureInfo.InvariantCulture, $"{_longest:0} ms");

        /// <summary>Whose, and which of his.</summary>
        public List<string> Failed { get; } = [];

        public async Task FetchAsync(int role, int times, CancellationToken cancellation)
        {
            for (var i = 0; i < times; i++)
            {
                var start = TimeProvider.System.GetTimestamp();
                Count(await host.FetchAsync(url, names[role], s_patience, cancellation) == 200, role);
                _longest = role == Stranger ? Math.Max(_longest, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds) : _longest;
            }
        }

        public void Count(bool answered, int role)
        {
            if (answered)
            {
                Answered++;
            }
            else
            {
                Failed.Add(string.Create(CultureInfo.InvariantCulture, $"{s_roles[role]} after {Answered} answers"));
            }
        }
    }
}
