using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Remediation.CrowdSec;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Remediation;

public sealed class CrowdSecApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;
    private readonly HttpClient _bouncer;

    public CrowdSecApiTests()
    {
        _client = _appliance.Operator();
        _bouncer = _appliance.Stranger();
        _bouncer.DefaultRequestHeaders.Add("X-Api-Key", _appliance.Key);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _bouncer.Dispose();
        _appliance.Dispose();
    }

    private async Task<string> Rule(string scope, string verdict = "drop", int? ttl = null)
    {
        HttpResponseMessage made = await _client.PostAsJsonAsync("rules", new { scope, verdict, ttlSeconds = ttl }, Cancellation);
        Assert.Equal(201, (int)made.StatusCode);
        return made.Headers.Location!.ToString();
    }

    private async Task<(string[] New, string[] Deleted)> Until(Func<string[], string[], bool> enough, bool startup = false)
    {
        List<string> added = [];
        List<string> gone = [];
        await Eventually.ReadsAsync(
            async () =>
            {
                JsonNode delta = (await _bouncer.GetFromJsonAsync<JsonNode>($"/v1/decisions/stream?startup={(startup ? "true" : "false")}", Cancellation))!;
                (added, gone) = startup ? ([], []) : (added, gone);
                added.AddRange(delta["new"]?.AsArray().Select(one => (string)one!["value"]!) ?? []);
                gone.AddRange(delta["deleted"]?.AsArray().Select(one => (string)one!["value"]!) ?? []);
                return enough([.. added], [.. gone]);
            },
            isEnough => isEnough);
        return ([.. added.Order(StringComparer.Ordinal)], [.. gone]);
    }

    [Fact]
    public async Task A_component_gets_everything_at_its_start_and_then_what_changed()
    {
        await Rule("203.0.113.1");
        await Rule("198.51.100.0/24", ttl: 3600);
        await Rule("203.0.113.2", "rate-limit");
        (string[] all, _) = await Until((added, _) => added.Length == 2, startup: true);
        Assert.Equal(["198.51.100.0/24", "203.0.113.1"], all);
        string third = await Rule("203.0.113.3");
        (string[] added, string[] none) = await Until((added, _) => added.Length == 1);
        Assert.Equal(["203.0.113.3"], added);
        Assert.Empty(none);
        (await _client.DeleteAsync(third, Cancellation)).EnsureSuccessStatusCode();
        (_, string[] gone) = await Until((_, gone) => gone.Length == 1);
        Assert.Equal(["203.0.113.3"], gone);
        await Rule("198.51.100.7", "pass");
        (added, gone) = await Until((_, gone) => gone.Length > 0);
        Assert.Equal(["198.51.100.0/24"], gone);
        Assert.Equal(8, added.Length);
        Assert.DoesNotContain("198.51.100.7", added);
    }

    [Fact]
    public async Task A_component_that_started_before_the_appliance_is_told_what_ended_meanwhile()
    {
        await Rule("203.0.113.1");
        string lifted = await Rule("203.0.113.2");
        await Rule("198.51.100.0/24");
        (await _client.DeleteAsync(lifted, Cancellation)).EnsureSuccessStatusCode();
        await Rule("198.51.100.7", "pass");
        await Until((added, _) => added.Contains("203.0.113.1", StringComparer.Ordinal) && !added.Contains("198.51.100.0/24", StringComparer.Ordinal), startup: true);

        // This one has not been heard of before: as any component after a restart of the appliance.
        using HttpClient other = _appliance.Stranger();
        other.DefaultRequestHeaders.Add("X-Api-Key", _appliance.Key);
        other.DefaultRequestHeaders.UserAgent.ParseAdd("crowdsec-nginx-bouncer/1.0");
        JsonNode delta = (await other.GetFromJsonAsync<JsonNode>("/v1/decisions/stream?startup=false", Cancellation))!;
        Assert.Equal(["198.51.100.0/24", "203.0.113.2"], delta["deleted"]!.AsArray().Select(one => (string)one!["value"]!).Order(StringComparer.Ordinal));
        Assert.Contains(delta["new"]!.AsArray(), one => (string)one!["value"]! is "203.0.113.1");
    }

    [Fact]
    public async Task An_address_is_asked_about_and_filters_hold()
    {
        await Rule("198.51.100.0/24", ttl: 3600);
        await Until((added, _) => added.Length == 1, startup: true);
        JsonNode found = (await _bouncer.GetFromJsonAsync<JsonNode>("/v1/decisions?ip=198.51.100.9", Cancellation))![0]!;
        Assert.Equal(("198.51.100.0/24", "Range", "ban", "operator"), ((string?)found["value"], (string?)found["scope"], (string?)found["type"], (string?)found["origin"]));
        Assert.StartsWith("59m", (string?)found["duration"], StringComparison.Ordinal);
        Assert.Equal("null", await _bouncer.GetStringAsync("/v1/decisions?ip=203.0.113.9", Cancellation));
        Assert.Equal("null", await _bouncer.GetStringAsync("/v1/decisions?scopes=Ip", Cancellation));
        Assert.Equal("null", await _bouncer.GetStringAsync("/v1/decisions?type=captcha", Cancellation));
        Assert.Equal("null", await _bouncer.GetStringAsync("/v1/decisions?origins=feed", Cancellation));
        using HttpResponseMessage wrong = await _bouncer.GetAsync("/v1/decisions?ip=nonsense", Cancellation);
        Assert.Equal(400, (int)wrong.StatusCode);
        Assert.NotNull((await ApplianceFactory.JsonOf(wrong))["message"]);
        using HttpClient stranger = _appliance.Stranger();
        Assert.Equal(403, (int)(await stranger.GetAsync("/v1/decisions", Cancellation)).StatusCode);
        Assert.Equal(404, (int)(await _bouncer.GetAsync("/v1/alerts", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task An_export_that_did_not_change_is_not_sent_again()
    {
        await Rule("203.0.113.1");
        await Until((added, _) => added.Length == 1, startup: true);
        using HttpResponseMessage first = await _client.GetAsync("exports/netset", Cancellation);
        Assert.Equal("203.0.113.1\n", await first.Content.ReadAsStringAsync(Cancellation));
        using HttpRequestMessage again = new(HttpMethod.Get, "exports/netset");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(304, (int)(await _client.SendAsync(again, Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1500, "1.5s")]
    [InlineData(61_000, "1m1s")]
    [InlineData(14_399_123, "3h59m59.123s")]
    [InlineData(-61_000, "-1m1s")]
    [InlineData(3_600_000, "1h0m0s")]
    public void Durations_are_spelled_as_go_does(long milliseconds, string text) => Assert.Equal(text, DecisionJson.Duration(TimeSpan.FromMilliseconds(milliseconds)));
}
