using System.Globalization;
using System.Net;
using System.Text.Json;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Lab.Edge;

/// <summary>An appliance and a web server in each house of a street; the appliances are sensors of one operator, and all connect with the first.</summary>
public sealed class MeshSensors : IAsyncDisposable
{
    private const int MeshPort = 9471;
    private const string Topic = "/blackwall/blackwall/indicators/1";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(1);
    private static readonly string[] s_probes = ["/.env", "/.git/config", "/phpmyadmin/index.php", "/wp-login.php", "/server-status", "/cgi-bin/luci", "/.aws/credentials", "/xmlrpc.php"];
    private readonly MeshStreet _street;
    private readonly RunFolder _run;
    private readonly List<BulkServer> _servers;

    private MeshSensors(MeshStreet street, RunFolder run)
    {
        (_street, _run) = (street, run);
        All = [.. street.Namespaces.Select((house, number) => new Appliance(house, run, string.Create(CultureInfo.InvariantCulture, $"mesh{number}")))];
        _servers = [.. street.Namespaces.Select(BulkServer.Start)];
    }

    public IReadOnlyList<Appliance> All { get; }

    /// <summary>Starts them, and waits until each hears another.</summary>
    public static async Task<MeshSensors> StartAsync(MeshStreet street, RunFolder run, CancellationToken cancellation)
    {
        MeshSensors sensors = new(street, run);
        try
        {
            await sensors.StartAsync(cancellation);
            return sensors;
        }
        catch
        {
            await sensors.DisposeAsync();
            throw;
        }
    }

    /// <summary>The attacker of the street probes the server of the first house until the sensor there blocks it; null: it does not.</summary>
    public async Task<DecisionView?> AttackFirstAsync(CancellationToken cancellation)
    {
        var url = $"http://{new IPEndPoint(MeshStreet.AddressOf(0), BulkServer.Port)}";
        foreach (var probe in s_probes)
        {
            await _street.Street.FetchAsync($"{url}{probe}", MeshStreet.Attacker, s_silence, cancellation);
            if (await BlockAsync(TimeSpan.Zero, cancellation) is { } block)
            {
                return block;
            }
        }

        return await BlockAsync(s_patience, cancellation);
    }

    /// <summary>The last sensor ends, and whoever took its key says that the visitor attacks. Each other one hears it before <paramref name="heard"/> is called.</summary>
    public async Task LieAsync(Func<Task> heard, CancellationToken cancellation)
    {
        var liar = All[^1];
        await liar.StopAsync();
        var identity = Path.Combine(liar.StateFolder, "mesh", "identity.key");
        var pipe = _run.File("liar");
        await Tool.RunAsync(["mkfifo", pipe], cancellation: cancellation);
        TaskCompletionSource grafted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var target = string.Create(CultureInfo.InvariantCulture, $"/ip4/{MeshStreet.AddressOf(0)}/tcp/{MeshPort}/p2p/{IdentityOf(All[0])}");
        await using var peer = _street.Namespaces[^1].Start(
            ["sh", "-c", $"exec dotnet '{AppliancePlace.Find()}' mesh peer --identity '{identity}' --dial '{target}' --topic '{Topic}' <'{pipe}'"],
            onOutput: line => _ = line.Contains("\"graft\"", StringComparison.Ordinal) && grafted.TrySetResult());
        await using (StreamWriter lies = new(new FileStream(pipe, FileMode.Open, FileAccess.Write)))
        {
            await grafted.Task.WaitAsync(s_patience, cancellation);
            await lies.WriteLineAsync(JsonSerializer.Serialize(new { publish = new { topic = Topic, data = Convert.ToBase64String(Lie(identity)) } }));
            await lies.FlushAsync(cancellation);
            for (var honest = 0; honest < All.Count - 1; honest++)
            {
                await MustAsync(async () => (await All[honest].Api.ReadAsync("mesh/indicators", cancellation))["items"]!.AsArray().Any(item => string.Equals((string?)item!["value"], $"{MeshStreet.Visitor}", StringComparison.Ordinal)), $"sensor {honest + 1} does not hear the lie", cancellation);
            }

            await heard();
        }

        await peer.StopAsync(Signal.Terminate, s_patience);
    }

    public async ValueTask DisposeAsync()
    {
        _servers.ForEach(server => server.Dispose());
        foreach (var sensor in All)
        {
            await sensor.DisposeAsync();
        }
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        // Each pins below it, and none makes more than its own folder.
        Directory.CreateDirectory(_run.PinPath);
        string[] ids = [.. All.Select(IdentityOf)];
        var first = string.Create(CultureInfo.InvariantCulture, $"/ip4/{MeshStreet.AddressOf(0)}/tcp/{MeshPort}/p2p/{ids[0]}");
        await Task.WhenAll(All.Select((sensor, number) =>
        {
            var members = string.Join(", ", ids.Where((_, other) => other != number).Select(id => $"\"{id}\""));
            var mesh = string.Create(CultureInfo.InvariantCulture, $"[mesh]\nmode = \"full\"\nproof_of_work = false\nlisten = [\"/ip4/0.0.0.0/tcp/{MeshPort}\"]\nmembers = [{members}]\npeers = [{(number == 0 ? "" : $"\"{first}\"")}]\n");
            return sensor.StartAsync(new ApplianceSettings(XdpMode: "auto", Interface: LabHost.Interface, Extra: mesh), cancellation);
        }));
        foreach (var sensor in All)
        {
            await MustAsync(async () => await sensor.Api.ReadAsync("mesh", cancellation) is var mesh && (int)mesh["listeners"]! >= 1 && mesh["topics"]!.AsArray().All(topic => (int)topic!["peers"]! >= 1), "a sensor finds no other", cancellation);
        }
    }

    private Task<DecisionView?> BlockAsync(TimeSpan patience, CancellationToken cancellation) =>
        All[0].Api.WaitForDecisionAsync(MeshStreet.Attacker, decision => decision is { Blocks: true, Origin: "local" }, patience, cancellation);

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
            throw new ToolFailedException($"The mesh: {otherwise}.");
        }
    }
}
