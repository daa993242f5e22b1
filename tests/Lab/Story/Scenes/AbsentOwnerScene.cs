using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Administrators log in to the edge over SSH and leave. Somebody forges NULL, XMAS and half-open scans, SYN floods and datagrams in their names and in
/// those of others. When they come back each of their logins and requests is answered, and nothing was decided about them; the others are limited.
/// </summary>
/// <param name="owners">Number of the guest that the administrators use.</param>
/// <param name="forger">Number of the guest that forges.</param>
public sealed class AbsentOwnerScene(int owners, int forger) : IScene
{
    private const int Owner = 0, Other = 1;
    private const int Syns = 1_000;
    private const int FramesPerSecond = 1_600;
    private const int Visits = 10, Logins = 3;
    private const byte Fin = 1, Syn = 2, Push = 8, Urgent = 32;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(60);

    public string Title => "Packets forged in the names of administrators who have left (ssh, tcpreplay)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, network) = (play.Stage, play.Stage.Network);
        var host = await network.AddGuestAsync(owners, 2);
        var attacker = await network.AddGuestAsync(forger);
        await using var login = await EdgeLogin.StartAsync(network.Edge, stage.Run, host, cancellation);
        (IPAddress Name, IPAddress Other, IPAddress Edge, IPAddress Server)[] families =
        [
            (host.Addresses4[Owner], host.Addresses4[Other], LabNetwork.EdgeWan4, network.Server.Addresses4[0]),
            (host.Addresses6[Owner], host.Addresses6[Other], LabNetwork.EdgeWan6, network.Server.Addresses6[0]),
        ];
        foreach (var (name, guard) in await Task.WhenAll(families.Select(f => VisitAsync(f.Name, f.Edge))))
        {
            play.Facts.Is(Title, $"what guards {name} while he is there", "guard", guard);
        }

        var file = stage.Run.File("forged-owner.pcap");
        var frames = families.SelectMany(f => Frames(f.Name, f.Edge, f.Server).Concat(Frames(f.Other, f.Edge, f.Server))).ToList();
        await PcapFile.WriteAsync(file, frames, cancellation);
        play.Narrator.Say($"they have left; {frames.Count} packets in their names and in those of two others");
        await attacker.Network.TryAsync(["tcpreplay", "-q", "--pps", FramesPerSecond.ToString(CultureInfo.InvariantCulture), "-i", LabHost.Interface, file], s_length, cancellation);

        List<string> failed = [];
        var answered = 0;
        foreach (var (name, other, edge, server) in families)
        {
            for (var i = 0; i < Logins; i++)
            {
                Count((await host.Network.TryAsync(login.Command(name, edge, "true"), s_patience, cancellation)).Succeeded, $"login {i} of {name}");
            }

            for (var i = 0; i < Visits; i++)
            {
                Count(await host.FetchAsync($"http://{new IPEndPoint(server, 80)}/", name, s_patience, cancellation) == 200, $"request {i} of {name}");
            }

            var about = (await stage.Api.DecisionsAsync(name, cancellation)).Where(d => d.Origin is not "guard").Select(d => d.ToString()).ToList();
            play.Facts.Is(Title, $"decisions about {name}", "none", about.Count == 0 ? "none" : string.Join("; ", about));
            play.Facts.Some(Title, $"kinds of evidence told about {name}", (await stage.Api.EvidenceKindsAsync(name, cancellation)).Count);
            var limit = await stage.Api.WaitForDecisionAsync(other, d => d.Origin is "local", s_patience, cancellation);
            play.Facts.Is(Title, $"decision about {other}, in whose name the same was sent", "rate-limit", limit?.Verdict ?? "none");
        }

        play.Facts.Some(Title, "their logins and requests that were answered", answered);
        play.Facts.Is(Title, "their logins and requests that were not", "none", failed.Count == 0 ? "none" : string.Join(", ", failed));

        async Task<(IPAddress Name, string Guard)> VisitAsync(IPAddress name, IPAddress edge)
        {
            await using var session = host.Network.Start(login.Command(name, edge, "sleep 60"));
            var guarded = await stage.Api.WaitForDecisionAsync(name, d => d.Origin is "guard", s_patience, cancellation);
            return (name, guarded?.Origin ?? $"nothing: {session.Errors}");
        }

        void Count(bool isAnswered, string what)
        {
            if (isAnswered)
            {
                answered++;
            }
            else
            {
                failed.Add(what);
            }
        }
    }

    private static IEnumerable<byte[]> Frames(IPAddress name, IPAddress edge, IPAddress server)
    {
        var router = PhysicalAddress.Parse(LabNetwork.RouterMac);
        Random random = new(13);
        byte[] stealth = [0, 0, 0, Fin | Push | Urgent, Fin | Push | Urgent, Fin, Fin, Syn | Fin];
        foreach (var target in new[] { edge, server })
        {
            foreach (var flags in stealth)
            {
                yield return ForgedFrame.Tcp(router, new IPEndPoint(name, Port()), new IPEndPoint(target, random.Next(1, 1000)), flags, Number(), 0);
            }
        }

        for (var i = 0; i < Syns; i++)
        {
            yield return ForgedFrame.Tcp(router, new IPEndPoint(name, Port()), new IPEndPoint(i % 2 == 0 ? edge : server, i % 5 == 0 ? 1 + i : 22), Syn, Number(), 0);
            if (i % 4 == 0)
            {
                yield return ForgedFrame.Udp(router, new IPEndPoint(name, Port()), new IPEndPoint(server, 1 + i), "forged"u8);
            }
        }

        ushort Port() => (ushort)random.Next(1024, 65536);

        uint Number() => (uint)random.NextInt64(1L << 32);
    }
}
