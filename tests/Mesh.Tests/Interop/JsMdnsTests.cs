using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>mDNS with js-libp2p, in a network namespace that nobody else is in: multicast on the machine's own networks is not ours to make.</summary>
public sealed class JsMdnsTests : IAsyncLifetime
{
    private const string Address = "10.77.0.1";

    private readonly string _network = $"bwmdns{Environment.ProcessId}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await IpAsync("netns", "add", _network);
        await IpAsync("-n", _network, "link", "set", "lo", "up");
        await IpAsync("-n", _network, "link", "add", "near", "type", "veth", "peer", "name", "far");
        await IpAsync("-n", _network, "addr", "add", Address + "/24", "dev", "near");
        await IpAsync("-n", _network, "link", "set", "far", "up");
        await IpAsync("-n", _network, "link", "set", "near", "up");
        await IpAsync("-n", _network, "route", "add", "224.0.0.0/4", "dev", "near");
    }

    public async ValueTask DisposeAsync() => await IpAsync("netns", "del", _network);

    [Fact]
    public async Task Each_finds_the_other_and_they_connect()
    {
        await JsPackages.EnsureAsync();
        string options = JsonSerializer.Serialize(new { mdns = true, listen = $"/ip4/{Address}/tcp/0" });
        await using JsPeer js = await JsPeer.StartAsync(new ProcessStartInfo("nsenter", [$"--net=/var/run/netns/{_network}", "--", JsPackages.Node, "peer.mjs", options]) { WorkingDirectory = JsPackages.Folder });
        await using MeshPeerProcess ours = MeshPeerProcess.Start(["nsenter", $"--net=/var/run/netns/{_network}", "--"], "--mdns", "--listen", $"/ip4/{Address}/tcp/0");
        string id = (await ours.EventAsync("ready", Cancellation))["peerId"]!.GetValue<string>();
        JsonObject discovery = await js.EventAsync("discovery", told => string.Equals(told["peer"]!.GetValue<string>(), id, StringComparison.Ordinal));
        Assert.Contains(discovery["addresses"]!.AsArray(), address => address!.GetValue<string>().StartsWith($"/ip4/{Address}/tcp/", StringComparison.Ordinal));

        JsonObject found = await ours.EventAsync("discovery", Cancellation);
        Assert.Equal(js.Id.ToString(), found["peer"]!.GetValue<string>());
        JsonObject connection = await ours.EventAsync("connection", Cancellation);
        Assert.Equal(js.Id.ToString(), connection["peer"]!.GetValue<string>());
    }

    private static async Task IpAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        string errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"ip {string.Join(' ', arguments)}: {errors}");
    }
}
