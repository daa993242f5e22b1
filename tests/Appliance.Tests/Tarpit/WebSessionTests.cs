using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Blackwall.Bridges.Tarpit;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>The web server in the confined process, with curl as the attacker: HTTP and TLS work behind the seal, and what was tried is told.</summary>
public sealed class WebSessionTests : IDisposable
{
    private readonly int _port = FreePort();
    private readonly ApplianceFactory _appliance;
    private readonly HttpClient _api;

    public WebSessionTests()
    {
        _appliance = new ApplianceFactory(string.Create(CultureInfo.InvariantCulture, $"""
            [tarpit]
            enabled = true
            port = {FreePort()}
            listen = ["127.0.0.1:{_port}"]
            accept = "always"
            delay_percent = 0
            """));
        _api = _appliance.Operator();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TarpitSupervisor Supervisor => _appliance.Services.GetRequiredService<TarpitSupervisor>();

    public void Dispose()
    {
        _api.Dispose();
        _appliance.Dispose();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_password_that_curl_posts_is_told_by_the_api_and_in_cowries_format(string scheme)
    {
        await ServesAsync();
        string home = string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{_port}");
        JsonArray users = JsonNode.Parse(await CurlAsync($"{home}/wp-json/wp/v2/users"))!.AsArray();
        string user = (string)users[0]!["slug"]!;
        string answer = await CurlAsync("-i", "-A", "probe/1.0", "-d", $"log={user}&pwd=letmein&wp-submit=Log+In", $"{home}/wp-login.php");
        Assert.StartsWith("HTTP/1.1 302 Found\r\nDate: ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nServer: Apache/2.4.58 (Ubuntu)\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: {home}/wp-admin/\r\n", answer, StringComparison.Ordinal);

        JsonNode session = await SessionAsync(s => s["user"] is not null);
        Assert.Equal((scheme is "http" ? "http" : "tls", user), ((string)session["protocol"]!, (string)session["user"]!));
        Assert.Equal("probe/1.0", (string)session["client"]!);
        JsonArray events = (await _api.GetFromJsonAsync<JsonNode>($"sessions/{(string)session["id"]!}/events", Cancellation))!["items"]!.AsArray();
        JsonNode login = events.Single(happened => (string)happened!["kind"]! is "login")!;
        Assert.Equal((user, "letmein", "form", true), ((string)login["user"]!, (string)login["secret"]!, (string)login["method"]!, (bool)login["success"]!));
        JsonNode request = events.Single(happened => (string)happened!["kind"]! is "request")!;
        Assert.Equal(("POST", "/wp-login.php", 302), ((string)request["method"]!, (string)request["text"]!, (int)request["status"]!));

        string[] cowrie = [.. (await File.ReadAllLinesAsync(Path.Combine(_appliance.Folder, "sessions", "cowrie.json"), Cancellation)).Select(line => (string)JsonNode.Parse(line)!["eventid"]!)];
        Assert.Contains("cowrie.login.success", cowrie);
        JsonNode evidence = (await _api.GetFromJsonAsync<JsonNode>("events/history?kind=evidence", Cancellation))!;
        Assert.Contains(evidence["items"]!.AsArray(), item => item!.ToJsonString().Contains(TarpitTranslator.LoginKind, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--tls-max", "1.2")]
    [InlineData("--tlsv1.3", "--tls13-ciphers=TLS_AES_128_GCM_SHA256")]
    [InlineData("--tls-max", "1.2", "--ciphers", "AES128-SHA")]
    public async Task A_client_of_either_version_of_tls_is_served(params string[] options)
    {
        await ServesAsync();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await CurlAsync(["-i", .. options.SelectMany(option => option.Split('=')), string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_port}/")]), StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<string> CurlAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("curl", ["-sk", "--max-time", "60", .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process curl = Process.Start(start)!;
        string output = await curl.StandardOutput.ReadToEndAsync(Cancellation);
        await curl.WaitForExitAsync(Cancellation);
        Assert.Equal(0, curl.ExitCode);
        return output;
    }

    private async Task ServesAsync()
    {
        while (Supervisor.Fault is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    private async Task<JsonNode> SessionAsync(Func<JsonNode, bool> isWanted)
    {
        while (true)
        {
            JsonNode list = (await _api.GetFromJsonAsync<JsonNode>("sessions?limit=20", Cancellation))!;
            if (list["items"]!.AsArray().FirstOrDefault(session => session!["ended"] is not null && isWanted(session)) is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }
}
