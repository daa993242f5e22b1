using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class SourceApiTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = new(2100, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ApplianceFactory _appliance = new("[rules]\nallowlist = [\"198.18.0.0/24\"]\n");
    private readonly HttpClient _client;

    public SourceApiTests() => _client = _appliance.Operator("198.51.100.77");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task<JsonNode> Source(string address) => (await _client.GetFromJsonAsync<JsonNode>($"sources/{address}", Cancellation))!;

    private async Task<Decision> Caught(string address, string detail = "30 logins in 10 s", Verdict verdict = Verdict.Drop)
    {
        Address source = Address.Parse(address);
        Evidence evidence = new(0, source, "brute-force", EvidenceClass.Handshake, 0.8, s_noon, detail);
        PublishResult result = _appliance.Board.Publish(new DecisionRequest(Prefix.Host(source), verdict, Origin.Local, "brute-force", 0.8, null, [evidence], null, "appliance"));
        await _appliance.Board.Wall.WhenEnforcedAsync(result.Version, Cancellation);
        return result.Decision!;
    }

    private async Task<long> Decide(string scope, string verdict)
    {
        HttpResponseMessage response = await _client.PostAsJsonAsync("rules", new { scope, verdict, comment = "a bad network" }, Cancellation);
        return (long)(await ApplianceFactory.JsonOf(response))["id"]!;
    }

    [Fact]
    public async Task An_address_of_which_nothing_is_known_passes_and_the_answer_says_so()
    {
        JsonNode source = await Source("203.0.113.9");
        Assert.Equal(("203.0.113.9", "pass", "203.0.113.9 passes: nothing is decided about it."), ((string?)source["address"], (string?)source["verdict"], (string?)source["why"]));
        Assert.Null(source["guard"]);
        Assert.Null(source["decision"]);
        Assert.All(new[] { "decisions", "kernel", "evidence" }, list => Assert.Empty(source[list]!.AsArray()));
    }

    [Fact]
    public async Task A_blocked_source_is_explained_by_decision_evidence_and_what_the_kernel_met()
    {
        Decision decision = await Caught("203.0.113.9");
        _appliance.Wall.Entries[decision.Scope] = new KernelEntry(Verdict.Drop, decision.Id, s_noon, 12, s_noon.AddMinutes(-1));
        JsonNode source = await Source("203.0.113.9");
        Assert.Equal("drop", (string?)source["verdict"]);
        Assert.Equal(
            $"203.0.113.9 is dropped by decision {decision.Id} (automatic) until {decision.Expiry:yyyy-MM-dd HH:mm:ss}Z: brute-force, 30 logins in 10 s. In the kernel 12 packets met it, the last at 2100-01-01 11:59:00Z.",
            (string?)source["why"]);
        Assert.Equal(decision.Id, (long)source["decision"]!["id"]!);
        Assert.Equal("30 logins in 10 s", (string?)Assert.Single(source["decision"]!["evidence"]!.AsArray())!["detail"]);
        JsonNode held = Assert.Single(source["kernel"]!.AsArray())!;
        Assert.Equal(("203.0.113.9", "drop", decision.Id, 12, s_noon), ((string?)held["scope"], (string?)held["verdict"], (long)held["decisionId"]!, (int)held["hits"]!, (DateTimeOffset)held["expiry"]!));
        Assert.Equal("brute-force", (string?)Assert.Single(source["evidence"]!.AsArray())!["kind"]);
    }

    [Fact]
    public async Task Every_decision_that_contains_the_address_is_listed_and_the_winner_is_named()
    {
        Decision host = await Caught("203.0.113.9", verdict: Verdict.RateLimit);
        long net = await Decide("203.0.113.0/24", "drop");
        await Decide("192.0.3.0/24", "drop");
        _appliance.Wall.Entries[host.Scope] = new KernelEntry(Verdict.Drop, net, null, 0, null);
        JsonNode source = await Source("203.0.113.9");
        Assert.Equal([net, host.Id], source["decisions"]!.AsArray().Select(d => (long)d!["id"]!));
        Assert.Equal(net, (long)source["decision"]!["id"]!);
        Assert.Equal(
            $"203.0.113.9 is dropped by decision {net} (rule of admin) over 203.0.113.0/24 until somebody lifts it: operator, a bad network. No packets matched since the policy was last built.",
            (string?)source["why"]);
    }

    [Fact]
    public async Task What_the_kernel_does_not_hold_yet_is_said()
    {
        await Caught("203.0.113.9");
        Assert.EndsWith(" The kernel does not hold it yet.", (string?)(await Source("203.0.113.9"))["why"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wall_that_only_observes_would_have_dropped()
    {
        _appliance.Wall.Status = _appliance.Wall.Status with { Mode = EnforcementMode.Observe };
        Decision decision = await Caught("203.0.113.9");
        _appliance.Wall.Entries[decision.Scope] = new KernelEntry(Verdict.Drop, decision.Id, null, 1, s_noon);
        string why = (string)(await Source("203.0.113.9"))["why"]!;
        Assert.StartsWith("203.0.113.9 would be dropped by", why, StringComparison.Ordinal);
        Assert.EndsWith(" The wall only observes; 1 packet met it, the last at 2100-01-01 12:00:00Z.", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("198.51.100.77", true, "whatever else is decided: it is guarded as ")]
    [InlineData("192.0.2.10", false, "nothing can block it, for it is guarded as ")]
    [InlineData("127.0.0.5", false, "nothing can block it, for it lies in 127.0.0.0/8, which is guarded as loopback.")]
    [InlineData("fe80::1", false, "nothing can block it, for it lies in fe80::/10, which is guarded as link-local (RFC 4291).")]
    public async Task What_is_guarded_says_by_what(string address, bool pass, string why)
    {
        JsonNode source = await Source(address);
        Assert.Equal(pass, (bool)source["guard"]!["pass"]!);
        Assert.Contains(why, (string?)source["why"], StringComparison.Ordinal);
        Assert.Equal("pass", (string?)source["verdict"]);
    }

    [Fact]
    public async Task An_allow_rule_is_a_reason_to_pass()
    {
        JsonNode source = await Source("198.18.0.7");
        Assert.Equal("pass", (string?)source["verdict"]);
        Assert.StartsWith("198.18.0.7 is let in by decision ", (string?)source["why"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_outlives_its_decision_newest_first_and_is_bounded()
    {
        for (int i = 0; i < 60; i++)
        {
            Decision decision = await Caught("2001:db8::9", $"piece {i}");
            await _client.DeleteAsync($"decisions/{decision.Id}", Cancellation);
        }

        await Caught("2001:db8::8");
        JsonNode source = await Source("2001:DB8:0::9");
        Assert.Equal("2001:db8::9", (string?)source["address"]);
        Assert.Null(source["decision"]);
        Assert.Equal(Enumerable.Range(10, 50).Reverse().Select(i => $"piece {i}"), source["evidence"]!.AsArray().Select(e => (string)e!["detail"]!));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("203.0.113.0%2F24")]
    [InlineData("1.2.3")]
    [InlineData("203.0.113.9%20")]
    public async Task What_is_no_address_is_refused(string address)
    {
        HttpResponseMessage response = await _client.GetAsync($"sources/{address}", Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(["address"], (await ApplianceFactory.JsonOf(response))["errors"]!.AsObject().Select(e => e.Key));
    }
}
