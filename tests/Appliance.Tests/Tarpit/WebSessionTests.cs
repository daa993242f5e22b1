using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Bridges.Tarpit;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>The web server in the confined process, with curl as the attacker: HTTP and TLS work behind the seal, and what was tried is told.</summary>
public sealed class WebSessionTests : IDisposable
{
    private readonly TarpitAppliance _tarpit = new("accept = \"always\"\ndelay_percent = 0");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _tarpit.Dispose();

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_password_that_curl_posts_is_told_by_the_api_and_in_cowries_format(string scheme)
    {
        await _tarpit.ServesAsync();
        string home = string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{_tarpit.Port}");
        JsonArray users = JsonNode.Parse(await TarpitAppliance.CurlAsync($"{home}/wp-json/wp/v2/users"))!.AsArray();
        string user = (string)users[0]!["slug"]!;
        string answer = await TarpitAppliance.CurlAsync("-i", "-A", "probe/1.0", "-d", $"log={user}&pwd=letmein&wp-submit=Log+In", $"{home}/wp-login.php");
        Assert.StartsWith("HTTP/1.1 302 Found\r\nDate: ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nServer: Apache/2.4.58 (Ubuntu)\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: {home}/wp-admin/\r\n", answer, StringComparison.Ordinal);

        JsonNode session = await _tarpit.SessionAsync(s => s["ended"] is not null && s["user"] is not null);
        Assert.Equal((scheme is "http" ? "http" : "tls", user), ((string)session["protocol"]!, (string)session["user"]!));
        Assert.Equal("probe/1.0", (string)session["client"]!);
        JsonArray events = await _tarpit.EventsAsync(session);
        JsonNode login = events.Single(happened => (string)happened!["kind"]! is "login")!;
        Assert.Equal((user, "letmein", "form", true), ((string)login["user"]!, (string)login["secret"]!, (string)login["method"]!, (bool)login["success"]!));
        JsonNode request = events.Single(happened => (string)happened!["kind"]! is "request")!;
        Assert.Equal(("POST", "/wp-login.php", 302), ((string)request["method"]!, (string)request["text"]!, (int)request["status"]!));

        string[] cowrie = [.. (await File.ReadAllLinesAsync(Path.Combine(_tarpit.Factory.Folder, "sessions", "cowrie.json"), Cancellation)).Select(line => (string)JsonNode.Parse(line)!["eventid"]!)];
        Assert.Contains("cowrie.login.success", cowrie);
        JsonNode evidence = (await _tarpit.Api.GetFromJsonAsync<JsonNode>("events/history?kind=evidence", Cancellation))!;
        Assert.Contains(evidence["items"]!.AsArray(), item => item!.ToJsonString().Contains(TarpitTranslator.LoginKind, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--tls-max", "1.2")]
    [InlineData("--tlsv1.3", "--tls13-ciphers=TLS_AES_128_GCM_SHA256")]
    [InlineData("--tls-max", "1.2", "--ciphers", "AES128-SHA")]
    public async Task A_client_of_either_version_of_tls_is_served(params string[] options)
    {
        await _tarpit.ServesAsync();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await TarpitAppliance.CurlAsync(["-i", .. options.SelectMany(option => option.Split('=')), string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_tarpit.Port}/")]), StringComparison.Ordinal);
    }
}
