using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Blackwall.Tests.Contracts;
using Xunit;

namespace Blackwall.Tests.Clients;

/// <summary>Real components of CrowdSec, unchanged: Debian's firewall bouncer with its own nftables in a namespace, and the client of npm with a hundred thousand decisions.</summary>
public sealed class CrowdSecTests : IAsyncDisposable
{
    private const int Many = 100_000;

    /// <summary>The bouncer puts them into its set one by one, some thousands a second at best.</summary>
    private const int Some = 10_000;
    private readonly RunningAppliance _appliance = new();
    private readonly CancellationTokenSource _end = new();
    private readonly string _namespace = $"bwcs{Environment.ProcessId}";
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-crowdsec-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await RunAsync("ip", "netns", "del", _namespace);
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
        await _appliance.DisposeAsync();
    }

    [Fact]
    public async Task The_firewall_bouncer_holds_thousands_at_its_start_and_follows_what_changes()
    {
        Uri place = _appliance.Listen();
        string key = _appliance.NewKey();
        using HttpClient client = Client(place, key);
        await ImportAsync(client, Some);
        await RunAsync("ip", "netns", "add", _namespace);
        string link = $"bwc{Environment.ProcessId % 100_000}";
        await RunAsync("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", _namespace);
        await RunAsync("ip", "addr", "add", "198.18.7.1/30", "dev", link);
        await RunAsync("ip", "link", "set", link, "up");
        await InsideAsync("ip", "addr", "add", "198.18.7.2/30", "dev", "eth0");
        await InsideAsync("ip", "link", "set", "eth0", "up");
        await InsideAsync("ip", "link", "set", "lo", "up");
        using TcpListener relay = new(IPAddress.Parse("198.18.7.1"), 0);
        relay.Start();
        Task relaying = RelayAsync(relay, place.Port);
        string config = Path.Combine(_folder, "bouncer.yaml");
        await File.WriteAllTextAsync(config, $"""
            mode: nftables
            pid_dir: {_folder}/
            update_frequency: 1s
            daemonize: false
            log_mode: stdout
            log_level: info
            api_url: http://198.18.7.1:{((IPEndPoint)relay.LocalEndpoint).Port}/
            api_key: {key}
            disable_ipv6: false
            deny_action: DROP
            deny_log: false
            supported_decisions_types:
              - ban
            blacklists_ipv4: crowdsec-blacklists
            blacklists_ipv6: crowdsec6-blacklists
            nftables:
              ipv4:
                enabled: true
                set-only: false
                table: crowdsec
                chain: crowdsec-chain
              ipv6:
                enabled: true
                set-only: false
                table: crowdsec6
                chain: crowdsec6-chain
            prometheus:
              enabled: false
            """, Cancellation);
        using Process bouncer = Start("ip", "netns", "exec", _namespace, "crowdsec-firewall-bouncer", "-c", config);
        try
        {
            await UntilAsync(bouncer, async () => await HeldAsync() == Some);
            (await client.PostAsJsonAsync("rules", new { scope = "203.0.113.77", verdict = "drop", ttlSeconds = 3600 }, Cancellation)).EnsureSuccessStatusCode();
            await UntilAsync(bouncer, async () => (await SetAsync()).Contains("203.0.113.77 ", StringComparison.Ordinal));
            HttpResponseMessage found = await client.GetAsync("decisions?origin=operator&scope=203.0.113.77", Cancellation);
            long id = (long)(await found.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>(Cancellation))!["items"]![0]!["id"]!;
            (await client.DeleteAsync($"decisions/{id}", Cancellation)).EnsureSuccessStatusCode();
            await UntilAsync(bouncer, async () => !(await SetAsync()).Contains("203.0.113.77 ", StringComparison.Ordinal));
        }
        finally
        {
            bouncer.Kill(entireProcessTree: true);
            await _end.CancelAsync();
            await relaying;
        }
    }

    [Fact]
    public async Task The_client_of_npm_follows_the_same_decisions()
    {
        Uri place = _appliance.Listen();
        string key = _appliance.NewKey();
        using HttpClient client = Client(place, key);
        await ImportAsync(client, Many);
        string folder = Path.Combine(RepositoryRoot.Path, "tests", "Clients.Tests", "CrowdSec", "node");
        Assert.Equal(0, (await RunAsync("npm", "ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")).Code);
        using Process node = Start("node", Path.Combine(folder, "follow.js"), place.GetLeftPart(UriPartial.Authority), key);
        try
        {
            await LineAsync(node, $"held {Many} false");
            HttpResponseMessage made = await client.PostAsJsonAsync("rules", new { scope = "203.0.113.77", verdict = "drop" }, Cancellation);
            await LineAsync(node, $"held {Many + 1} true");
            (await client.DeleteAsync(new Uri(place, made.Headers.Location!), Cancellation)).EnsureSuccessStatusCode();
            await LineAsync(node, $"held {Many} false");
        }
        finally
        {
            node.Kill(entireProcessTree: true);
        }
    }

    private static HttpClient Client(Uri place, string key)
    {
        HttpClient client = new() { BaseAddress = new Uri(place, "/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task ImportAsync(HttpClient client, int count)
    {
        string list = string.Join('\n', Enumerable.Range(0, count).Select(i => $"45.{i >> 16}.{(i >> 8) & 255}.{i & 255}"));
        using HttpResponseMessage response = await client.PostAsync("rules/import?verdict=drop&ttlSeconds=36000", new StringContent(list), Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<string> SetAsync() => (await InsideAsync("nft", "list", "set", "ip", "crowdsec", "crowdsec-blacklists")).Output;

    private async Task<int> HeldAsync() => (await SetAsync()).Split("timeout", StringSplitOptions.None).Length - 2;

    private Task<(int Code, string Output)> InsideAsync(params string[] command) => RunAsync("ip", ["netns", "exec", _namespace, .. command]);

    private static async Task UntilAsync(Process process, Func<Task<bool>> reached)
    {
        while (!await reached())
        {
            Assert.False(process.HasExited, "The component has ended.");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation);
        }
    }

    private static async Task LineAsync(Process process, string wanted)
    {
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (string.Equals(line, wanted, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"It ended without '{wanted}': {await process.StandardError.ReadToEndAsync(Cancellation)}");
    }

    // The API listens on loopback, and the namespace has one of its own.
    private async Task RelayAsync(TcpListener listener, int port)
    {
        try
        {
            while (true)
            {
                TcpClient near = await listener.AcceptTcpClientAsync(_end.Token);
                TcpClient far = new();
                await far.ConnectAsync(IPAddress.Loopback, port, _end.Token);
                _ = Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), _end.Token), far.GetStream().CopyToAsync(near.GetStream(), _end.Token)).ContinueWith(_ =>
                {
                    near.Dispose();
                    far.Dispose();
                }, TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        return process;
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        string output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, output);
    }
}
