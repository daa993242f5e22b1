using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class DryRunTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new(tarpit: true);
    private readonly HttpClient _client;

    public DryRunTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task<JsonNode> Make(string scope, string verdict = "drop") =>
        await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("rules", new { scope, verdict }, Cancellation));

    [Theory]
    [InlineData("rules")]
    [InlineData("decisions")]
    public async Task A_new_rule_is_told_with_its_winner_and_not_made(string path)
    {
        JsonNode wide = await Make("203.0.113.0/24");
        long version = _appliance.Board.Version;
        HttpResponseMessage asked = await _client.PostAsJsonAsync($"{path}?dryRun=true", new { scope = "203.0.113.9", verdict = "rate-limit", ttlSeconds = 60 }, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        JsonNode change = await ApplianceFactory.JsonOf(asked);
        Assert.Equal((null, "rate-limit", 0), (change["before"], (string?)change["after"]!["verdict"], (int)change["after"]!["id"]!));
        Assert.Equal("203.0.113.9", (string?)change["winner"]!["scope"]);
        Assert.Equal(version, _appliance.Board.Version);

        JsonNode same = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync($"{path}?dryRun=true", new { scope = "203.0.113.0/24", verdict = "redirect" }, Cancellation));
        Assert.Equal(("drop", "redirect", (long)wide["id"]!), ((string?)same["before"]!["verdict"], (string?)same["after"]!["verdict"], (long)same["after"]!["id"]!));
        Assert.Equal(version, _appliance.Board.Version);
    }

    [Fact]
    public async Task An_allow_rule_wins_over_what_blocks_it()
    {
        await Make("203.0.113.0/24");
        JsonNode change = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("rules?dryRun=true", new { scope = "203.0.0.0/16", verdict = "pass" }, Cancellation));
        Assert.Equal("203.0.0.0/16", (string?)change["winner"]!["scope"]);
    }

    [Fact]
    public async Task What_the_guard_would_refuse_is_refused()
    {
        using HttpClient client = _appliance.Operator("198.51.100.77");
        HttpResponseMessage asked = await client.PostAsJsonAsync("rules?dryRun=true", new { scope = "198.51.100.0/24", verdict = "drop" }, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, asked.StatusCode);
        Assert.Contains("198.51.100.77", (string)(await ApplianceFactory.JsonOf(asked))["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replacing_and_removing_tell_what_decides_then_and_need_the_same_tag()
    {
        JsonNode wide = await Make("203.0.113.0/24", "redirect");
        JsonNode rule = await Make("203.0.113.9");
        long version = _appliance.Board.Version;
        HttpResponseMessage removed = await _client.DeleteAsync($"rules/{rule["id"]}?dryRun=true", Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, removed.StatusCode);
        JsonNode change = await ApplianceFactory.JsonOf(removed);
        Assert.Equal((long)wide["id"]!, (long)change["winner"]!["id"]!);
        Assert.Null(change["after"]);
        JsonNode lifted = await ApplianceFactory.JsonOf(await _client.DeleteAsync($"decisions/{wide["id"]}?dryRun=true", Cancellation));
        Assert.Null(lifted["winner"]);

        using HttpRequestMessage put = new(HttpMethod.Put, $"rules/{rule["id"]}?dryRun=true") { Content = JsonContent.Create(new { scope = "203.0.113.9", verdict = "pass" }) };
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await _client.SendAsync(put, Cancellation)).StatusCode);
        using HttpRequestMessage tagged = new(HttpMethod.Put, $"rules/{rule["id"]}?dryRun=true") { Content = JsonContent.Create(new { scope = "203.0.113.9", verdict = "pass" }) };
        tagged.Headers.TryAddWithoutValidation("If-Match", "*");
        JsonNode replaced = await ApplianceFactory.JsonOf(await _client.SendAsync(tagged, Cancellation));
        Assert.Equal(("drop", "pass", "pass"), ((string?)replaced["before"]!["verdict"], (string?)replaced["after"]!["verdict"], (string?)replaced["winner"]!["verdict"]));
        Assert.Equal(version, _appliance.Board.Version);
    }

    [Fact]
    public async Task An_import_tells_how_many_are_new_and_which_line_is_refused()
    {
        await Make("203.0.113.1");
        long version = _appliance.Board.Version;
        JsonNode told = await ApplianceFactory.JsonOf(await _client.PostAsync("rules/import?dryRun=true", new StringContent("203.0.113.1\n203.0.113.2\n"), Cancellation));
        Assert.Equal((2, 1, true), ((int)told["imported"]!, (int)told["added"]!, (bool)told["dryRun"]!));
        HttpResponseMessage refused = await _client.PostAsync("rules/import?dryRun=true", new StringContent("203.0.113.2\n127.0.0.1\n"), Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("line 2", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(version, _appliance.Board.Version);
    }

    [Fact]
    public async Task A_flag_that_is_none_is_named() => Assert.Equal(
        ["dryRun"],
        (await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("rules?dryRun=maybe", new { scope = "203.0.113.9", verdict = "drop" }, Cancellation)))["errors"]!.AsObject().Select(e => e.Key));

    [Fact]
    public async Task Decisions_are_found_by_network_reason_and_time_and_after_their_end()
    {
        await _client.PostAsJsonAsync("decisions", new { scope = "203.0.113.9", verdict = "rate-limit", reason = "slow" }, Cancellation);
        JsonNode gone = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("decisions", new { scope = "198.51.100.9", verdict = "drop" }, Cancellation));
        await _client.DeleteAsync($"decisions/{gone["id"]}", Cancellation);
        foreach ((string query, string[] scopes) in new (string, string[])[]
        {
            ("within=203.0.113.0/24", ["203.0.113.9"]),
            ("within=203.0.112.0/24", []),
            ("reason=slow", ["203.0.113.9"]),
            ("reason=fast", []),
            ("since=2020-01-01T00:00:00Z&origin=operator", ["203.0.113.9"]),
            ("since=2999-01-01T00:00:00%2B02:00", []),
            ("active=false", ["198.51.100.9"]),
            ("active=false&contains=198.51.100.9&verdict=drop", ["198.51.100.9"]),
            ("active=false&within=203.0.113.0/24", []),
        })
        {
            JsonNode page = (await _client.GetFromJsonAsync<JsonNode>($"decisions?{query}", Cancellation))!;
            Assert.Equal(scopes, page["items"]!.AsArray().Select(i => (string)i!["scope"]!));
        }

        JsonNode ended = (await _client.GetFromJsonAsync<JsonNode>("decisions?active=false", Cancellation))!["items"]![0]!["ended"]!;
        Assert.Equal(("lifted", "admin"), ((string?)ended["cause"], (string?)ended["by"]));
        foreach (string wrong in new[] { "since=yesterday", "active=perhaps", "within=x", "reason=NO" })
        {
            HttpResponseMessage response = await _client.GetAsync($"decisions?{wrong}", Cancellation);
            Assert.Equal([wrong.Split('=')[0]], (await ApplianceFactory.JsonOf(response))["errors"]!.AsObject().Select(e => e.Key));
        }
    }
}
