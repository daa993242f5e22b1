using System.Globalization;
using System.Net;
using System.Text.Json;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Five appliances in five namespaces are sensors of one operator. One is attacked and all act; one lies about an honest visitor and he stays; the first lifts its block
/// and all let go.
/// </summary>
public sealed class MeshScene : IScene
{
    private const int Rounds = 5;
    private const int MeshPort = 9471;
    private const string Topic = "/blackwall/blackwall/indicators/1";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_fetch = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(1);
    private static readonly string[] s_probes = ["/.env", "/.git/config", "/phpmyadmin/index.php", "/wp-login.php", "/server-status", "/cgi-bin/luci", "/.aws/credentials", "/xmlrpc.php"];

    public string Title => "A mesh of five sensors (curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var street = await play.Stage.Network.AddStreetAsync();
        List<Appliance> sensors = [.. street.Namespaces.Select((house, number) => new Appliance(house, play.Stage.Run, string.Create(CultureInfo.InvariantCulture, $"mesh{number}")))];
        List<BulkServer> servers = [.. street.Namespaces.Select(BulkServer.Start)];
        try
        {
            await StartAsync(sensors, cancellation);
            await OneIsAttackedAsync(play, street, sensors, cancellation);
            await OneLiesAsync(play, street, sensors, cancellation);
            await OneLiftsAsync(play, sensors, cancellation);
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
            foreach (var sensor in sensors)
            {
                await sensor.DisposeAsync();
            }
        }
    }

    private static async Task StartAsync(List<Appliance> sensors, CancellationToken cancellation)
    {
        string[] ids = [.. sensors.Select(IdentityOf)];
        var first = string.Create(CultureInfo.InvariantCulture, $"/ip4/{MeshStreet.AddressOf(0)}/tcp/{MeshPort}/p2p/{ids[0]}");
        await Task.WhenAll(sensors.Select((sensor, number) =>
        {
            var members = string.Join(", ", ids.Where((_, other) => other != number).Select(id => $"\"{id}\""));
            var mesh = string.Create(CultureInfo.InvariantCulture, $"[mesh]\nmode = \"full\"\nproof_of_work = false\nlisten = [\"/ip4/0.0.0.0/tcp/{MeshPort}\"]\nmembers = [{members}]\npeers = [{(number == 0 ? "" : $"\"{first}\"")}]\n");
            return sensor.StartAsync(new ApplianceSettings(XdpMode: "auto", Interface: LabHost.Interface, Extra: mesh), cancellation);
        }));
        foreach (var sensor in sensors)
        {
            await MustAsync(async () => await sensor.Api.ReadAsync("mesh", cancellation) is var mesh && (int)mesh["listeners"]! >= 1 && mesh["topics"]!.AsArray().All(topic => (int)topic!["peers"]! >= 1), "a sensor finds no other", cancellation);
        }
    }

    private async Task OneIsAttackedAsync(Play play, MeshStreet street, List<Appliance> sensors, CancellationToken cancellation)
    {
        var url = $"http://{new IPEndPoint(MeshStreet.AddressOf(0), BulkServer.Port)}";
        DecisionView? block = null;
        foreach (var probe in s_probes)
        {
            await street.Street.FetchAsync($"{url}{probe}", MeshStreet.Attacker, s_silence, cancellation);
            if ((block = await sensors[0].Api.WaitForDecisionAsync(MeshStreet.Attacker, decision => decision is { Blocks: true, Origin: "local" }, TimeSpan.Zero, cancellation)) is not null)
            {
                break;
            }
        }

        block ??= await sensors[0].Api.WaitForDecisionAsync(MeshStreet.Attacker, decision => decision is { Blocks: true, Origin: "local" }, s_patience, cancellation);
        play.Facts.Is(Title, "what the attacked sensor does to 1.2.3.4", "1.2.3.4", block?.Scope ?? "nothing");
        for (var other = 1; other < sensors.Count; other++)
        {
            var taken = await sensors[other].Api.WaitForDecisionAsync(MeshStreet.Attacker, decision => decision is { Origin: "mesh", Enforced: true }, s_patience, cancellation);
            var name = string.Create(CultureInfo.InvariantCulture, $"sensor {other + 1}");
            play.Facts.Is(Title, $"{name} acts on", "1.2.3.4", taken?.Scope ?? "nothing");
            play.Facts.Fewer(Title, $"{name}: milliseconds after the block", taken is null || block is null ? long.MaxValue : (long)(taken.Start - block.Since).TotalMilliseconds, 2000);
            play.Facts.None(Title, $"{name}: decisions about 4.3.2.1", (await sensors[other].Api.DecisionsAsync(IPAddress.Parse("4.3.2.1"), cancellation)).Count);
        }
    }

    // The fifth ends, and whoever took its key says that the visitor attacks.
    private async Task OneLiesAsync(Play play, MeshStreet street, List<Appliance> sensors, CancellationToken cancellation)
    {
        var liar = sensors[^1];
        await liar.StopAsync();
        var identity = Path.Combine(liar.StateFolder, "mesh", "identity.key");
        var pipe = play.Stage.Run.File("liar");
        await Tool.RunAsync(["mkfifo", pipe], cancellation: cancellation);
        TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var target = string.Create(CultureInfo.InvariantCulture, $"/ip4/{MeshStreet.AddressOf(0)}/tcp/{MeshPort}/p2p/{IdentityOf(sensors[0])}");
        await using var peer = street.Namespaces[^1].Start(
            ["sh", "-c", $"exec dotnet '{AppliancePlace.Find()}' mesh peer --identity '{identity}' --dial '{target}' --topic '{Topic}' <'{pipe}'"],
            onOutput: line => _ = line.Contains("\"graft\"", StringComparison.Ordinal) && heard.TrySetResult());
        await using (StreamWriter lies = new(new FileStream(pipe, FileMode.Open, FileAccess.Write)))
        {
            await heard.Task.WaitAsync(s_patience, cancellation);
            await lies.WriteLineAsync(JsonSerializer.Serialize(new { publish = new { topic = Topic, data = Convert.ToBase64String(Lie(identity)) } }));
            await lies.FlushAsync(cancellation);
            for (var honest = 0; honest < sensors.Count - 1; honest++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"sensor {honest + 1}");
                await MustAsync(async () => (await sensors[honest].Api.ReadAsync("mesh/indicators", cancellation))["items"]!.AsArray().Any(item => (string?)item!["value"] is "1.2.3.77"), $"{name} does not hear the lie", cancellation);
                play.Facts.None(Title, $"{name}: blocks of the visitor that is lied about", (await sensors[honest].Api.DecisionsAsync(MeshStreet.Visitor, cancellation)).Count(decision => decision.Blocks));
                var answered = 0;
                for (var round = 0; round < Rounds; round++)
                {
                    answered += await street.Street.FetchAsync($"http://{new IPEndPoint(MeshStreet.AddressOf(honest), BulkServer.Port)}/200", MeshStreet.Visitor, s_fetch, cancellation) == 200 ? 1 : 0;
                }

                play.Facts.Is(Title, $"{name}: the visitor's requests that are answered", "5", string.Create(CultureInfo.InvariantCulture, $"{answered}"));
            }
        }

        await peer.StopAsync(Signal.Terminate, s_patience);
    }

    private async Task OneLiftsAsync(Play play, List<Appliance> sensors, CancellationToken cancellation)
    {
        var lifted = TimeProvider.System.GetTimestamp();
        await sensors[0].Api.LiftAllAsync(MeshStreet.Attacker, cancellation);
        for (var other = 1; other < sensors.Count - 1; other++)
        {
            await MustAsync(async () => !(await sensors[other].Api.DecisionsAsync(MeshStreet.Attacker, cancellation)).Any(decision => decision.Origin is "mesh"), "a sensor does not let go", cancellation);
        }

        play.Facts.Fewer(Title, "milliseconds until all have let go of what the first lifted", (long)TimeProvider.System.GetElapsedTime(lifted).TotalMilliseconds, 5000);
    }

    private static byte[] Lie(string identity)
    {
        using var key = IdentityFile.LoadOrCreate(identity);
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        IndicatorMessage message = new(
            MessageKind.Sighting, IndicatorValue.From(MeshStreet.Visitor), EvidenceLevel.Malware, "brute-force", IndicatorMessage.Round(now), IndicatorMessage.Round(now), 1000, 100, TimeSpan.FromHours(24),
            PeerId.From(key.Public), ulong.MaxValue, 1, now);
        return SignedIndicator.Sign(message, key, "blackwall").Bytes.ToArray();
    }

    private static string IdentityOf(Appliance sensor)
    {
        var folder = Path.Combine(sensor.StateFolder, "mesh");
        Directory.CreateDirectory(folder);
        using PrivateKey key = IdentityFile.LoadOrCreate(Path.Combine(folder, "identity.key"));
        return $"{PeerId.From(key.Public)}";
    }

    private static async Task MustAsync(Func<Task<bool>> condition, string otherwise, CancellationToken cancellation)
    {
        if (!await Tool.UntilAsync(condition, s_patience, cancellation))
        {
            throw new ToolFailedException($"The mesh act: {otherwise}.");
        }
    }
}
