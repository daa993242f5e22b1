using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class DecisionApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public DecisionApiTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private Task<HttpResponseMessage> Decide(string scope, string verdict = "drop", object? ttl = null) =>
        _client.PostAsJsonAsync("decisions", new { scope, verdict, ttlSeconds = ttl, reason = "by-hand", comment = "seen in the log" }, Cancellation);

    [Fact]
    public async Task A_block_is_created_enforced_shown_listed_checked_and_lifted()
    {
        HttpResponseMessage created = await Decide("203.0.113.9", ttl: 60);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        JsonNode body = await ApplianceFactory.JsonOf(created);
        Assert.Equal($"/api/v1/decisions/{body["id"]}", created.Headers.Location!.ToString());
        Assert.Equal(
            ("203.0.113.9", "drop", "operator", "by-hand", "seen in the log", "admin", true),
            ((string?)body["scope"], (string?)body["verdict"], (string?)body["origin"], (string?)body["reason"], (string?)body["comment"], (string?)body["actor"], (bool)body["enforced"]!));
        Assert.Equal(60, ((DateTimeOffset)body["expiry"]! - (DateTimeOffset)body["start"]!).TotalSeconds);

        JsonNode shown = (await _client.GetFromJsonAsync<JsonNode>(created.Headers.Location, Cancellation))!;
        Assert.Equal(body.ToJsonString(), shown.ToJsonString());
        JsonNode check = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("decisions/check", new { addresses = new[] { "203.0.113.9", "203.0.113.10" } }, Cancellation));
        Assert.Equal(["drop", "pass"], check["items"]!.AsArray().Select(i => (string)i!["verdict"]!));
        Assert.Equal((long)body["id"]!, (long)check["items"]![0]!["decision"]!["id"]!);

        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync(created.Headers.Location, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.DeleteAsync(created.Headers.Location, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(created.Headers.Location, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task While_the_wall_only_watches_nothing_claims_to_be_enforced()
    {
        _appliance.Wall.Status = _appliance.Wall.Status with { Mode = Kernel.Abi.EnforcementMode.Observe };
        Assert.False((bool)(await ApplianceFactory.JsonOf(await Decide("203.0.113.9")))["enforced"]!);
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("192.0.2.10")]
    [InlineData("192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.10")]
    [InlineData("224.0.0.1")]
    [InlineData("198.51.100.77")]
    public async Task Blocking_everybody_the_machine_or_the_caller_is_refused_with_a_reason(string scope)
    {
        using HttpClient client = _appliance.Operator("198.51.100.77");
        foreach (string path in new[] { "decisions", "rules" })
        {
            foreach (string verdict in new[] { "drop", "redirect", "rate-limit" })
            {
                HttpResponseMessage response = await client.PostAsJsonAsync(path, new { scope, verdict }, Cancellation);
                Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
                Assert.True(((string)(await ApplianceFactory.JsonOf(response))["detail"]!).Length > 20);
            }
        }

        HttpResponseMessage import = await client.PostAsync("rules/import", new StringContent($"203.0.113.1\n{scope}\n"), Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, import.StatusCode);
        Assert.Contains("line 2", (await ApplianceFactory.JsonOf(import))["errors"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(Verdict.Pass, _appliance.Board.Effective(Prefix.Parse("203.0.113.1"))?.Verdict ?? Verdict.Pass);
    }

    [Theory]
    [InlineData("""{"scope":"203.0.113.9"}""", 422, "verdict")]
    [InlineData("""{"verdict":"drop"}""", 422, "scope")]
    [InlineData("""{"scope":"203.0.113.300","verdict":"drop"}""", 422, "scope")]
    [InlineData("""{"scope":"203.0.113.9/24","verdict":"drop"}""", 422, "scope")]
    [InlineData("""{"scope":"203.0.113.9","verdict":"block"}""", 422, "verdict")]
    [InlineData("""{"scope":"203.0.113.9","verdict":"drop","ttlSeconds":0}""", 422, "ttlSeconds")]
    [InlineData("""{"scope":"203.0.113.9","verdict":"drop","ttlSeconds":999999999999}""", 422, "ttlSeconds")]
    [InlineData("""{"scope":"203.0.113.9","verdict":"drop","reason":"Not A Word"}""", 422, "reason")]
    [InlineData("""{"scope":"203.0.113.9","verdict":"drop","comment":"a\u0000b"}""", 422, "comment")]
    [InlineData("""{"scope":"203.0.113.9","verdict":"drop","ttlSeconds":1.5}""", 400, null)]
    [InlineData("""{"scope":["203.0.113.9"],"verdict":"drop"}""", 400, null)]
    [InlineData("""{"scope":"203.0.113.9","verdict":"drop","forced":true}""", 400, null)]
    [InlineData("""{"scope":""", 400, null)]
    [InlineData("null", 400, null)]
    [InlineData("", 400, null)]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 400, null)]
    public async Task A_request_that_makes_no_sense_is_a_problem_that_names_the_field(string json, int status, string? field)
    {
        foreach (string path in new[] { "decisions", "rules" })
        {
            using StringContent content = new(json, System.Text.Encoding.UTF8, "application/json");
            HttpResponseMessage response = await _client.PostAsync(path, content, Cancellation);
            Assert.Equal(status, (int)response.StatusCode);
            JsonNode problem = await ApplianceFactory.JsonOf(response);
            Assert.Equal(status, (int)problem["status"]!);
            if (field is not null)
            {
                Assert.Equal([field], problem["errors"]!.AsObject().Select(e => e.Key));
            }
        }

        Assert.Equal(0, new BoardStats(_appliance.Board).Read()["ofOperator"]);
    }

    [Theory]
    [InlineData("decisions?limit=0", "limit")]
    [InlineData("decisions?limit=1001", "limit")]
    [InlineData("decisions?limit=x", "limit")]
    [InlineData("decisions?cursor=-1", "cursor")]
    [InlineData("decisions?scope=hello", "scope")]
    [InlineData("decisions?contains=1.2", "contains")]
    [InlineData("decisions?origin=nobody", "origin")]
    [InlineData("decisions?verdict=maybe", "verdict")]
    [InlineData("rules?verdict=maybe", "verdict")]
    public async Task A_query_that_makes_no_sense_names_its_parameter(string path, string parameter)
    {
        HttpResponseMessage response = await _client.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal([parameter], (await ApplianceFactory.JsonOf(response))["errors"]!.AsObject().Select(e => e.Key));
    }

    [Fact]
    public async Task Lists_page_newest_first_and_filter()
    {
        for (int i = 1; i <= 25; i++)
        {
            await Decide($"203.0.113.{i}", i % 5 == 0 ? "rate-limit" : "drop");
        }

        List<string> seen = [];
        for (string? cursor = ""; cursor is not null;)
        {
            JsonNode page = (await _client.GetFromJsonAsync<JsonNode>($"decisions?origin=operator&limit=10&cursor={cursor}", Cancellation))!;
            seen.AddRange(page["items"]!.AsArray().Select(i => (string)i!["scope"]!));
            cursor = (string?)page["nextCursor"];
        }

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => $"203.0.113.{i}"), seen);
        JsonNode limited = (await _client.GetFromJsonAsync<JsonNode>("decisions?verdict=rate-limit&origin=operator", Cancellation))!;
        Assert.Equal(5, limited["items"]!.AsArray().Count);
        await Decide("203.0.113.0/24");
        JsonNode containing = (await _client.GetFromJsonAsync<JsonNode>("decisions?contains=203.0.113.7", Cancellation))!;
        Assert.Equal(["203.0.113.0/24", "203.0.113.7"], containing["items"]!.AsArray().Select(i => (string)i!["scope"]!));
        JsonNode exact = (await _client.GetFromJsonAsync<JsonNode>("decisions?scope=203.0.113.0%2F24", Cancellation))!;
        Assert.Single(exact["items"]!.AsArray());
    }

    [Fact]
    public async Task Evidence_is_shown_with_the_decision_that_rests_on_it()
    {
        Address source = Address.Parse("203.0.113.9");
        Evidence evidence = new(0, source, "brute-force", EvidenceClass.Application, 0.8, DateTimeOffset.UnixEpoch.AddYears(100), "30 logins in 10 s");
        Decision decision = _appliance.Board.Publish(new DecisionRequest(Prefix.Host(source), Verdict.Drop, Origin.Local, "brute-force", 0.8, null, [evidence], null, "appliance")).Decision!;
        JsonNode shown = (await _client.GetFromJsonAsync<JsonNode>($"decisions/{decision.Id}", Cancellation))!;
        JsonNode piece = Assert.Single(shown["evidence"]!.AsArray())!;
        Assert.Equal(("brute-force", "application", 0.8, "30 logins in 10 s"), ((string?)piece["kind"], (string?)piece["class"], (double)piece["weight"]!, (string?)piece["detail"]));
        Assert.Equal(decision.EvidenceIds[0], (long)piece["id"]!);
    }

    [Fact]
    public async Task Guard_decisions_are_listed_and_cannot_be_lifted()
    {
        using HttpClient client = _appliance.Operator("198.51.100.77");
        JsonNode guard = (await client.GetFromJsonAsync<JsonNode>("decisions?origin=guard", Cancellation))!;
        JsonNode own = Assert.Single(guard["items"]!.AsArray())!;
        Assert.Equal("198.51.100.77", (string?)own["scope"]);
        HttpResponseMessage response = await client.DeleteAsync($"decisions/{own["id"]}", Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task A_check_of_too_many_or_of_nonsense_is_refused()
    {
        Assert.Equal(422, (int)(await _client.PostAsJsonAsync("decisions/check", new { addresses = Array.Empty<string>() }, Cancellation)).StatusCode);
        Assert.Equal(422, (int)(await _client.PostAsJsonAsync("decisions/check", new { addresses = Enumerable.Repeat("203.0.113.1", 10_001) }, Cancellation)).StatusCode);
        HttpResponseMessage bad = await _client.PostAsJsonAsync("decisions/check", new { addresses = new[] { "203.0.113.1", "x", null } }, Cancellation);
        Assert.Equal(["addresses[1]", "addresses[2]"], (await ApplianceFactory.JsonOf(bad))["errors"]!.AsObject().Select(e => e.Key));
    }

    [Fact]
    public async Task A_hundred_clients_at_once_all_get_their_block()
    {
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Decide($"203.0.113.{i}")));
        Assert.All(responses, r => Assert.Equal(HttpStatusCode.Created, r.StatusCode));
        Assert.Equal(100, new BoardStats(_appliance.Board).Read()["ofOperator"]);
    }
}
