using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>What several owners say of one address is shown side by side, and lists are owners.</summary>
public sealed class ClaimApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public ClaimApiTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    [Fact]
    public async Task Decision_check_and_why_show_every_claim_with_the_winner_and_lifting_one_leaves_the_others()
    {
        _appliance.Board.Reconcile(new ClaimOwner(Origin.Feed, "spamhaus"), [new Claim(Prefix.Parse("9.1.2.0/24"), Verdict.Drop, "listed", 0.6)]);
        _appliance.Board.Reconcile(new ClaimOwner(Origin.Feed, "firehol"), [new Claim(Prefix.Parse("9.1.2.3"), Verdict.RateLimit, "listed", 0.4), new Claim(Prefix.Parse("9.1.2.4"), Verdict.Drop, "listed", 0.4)]);
        JsonNode rule = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("rules", new { scope = "9.1.2.3", verdict = "drop" }, Cancellation));
        string[] expected = ["operator operator drop True", "feed firehol rate-limit False", "feed spamhaus drop False"];

        Assert.Equal(expected, Claims(rule));
        Assert.Equal(expected, Claims((await _client.GetFromJsonAsync<JsonNode>($"decisions/{rule["id"]}", Cancellation))!));
        Assert.Equal(expected, Claims((await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("decisions/check", new { addresses = new[] { "9.1.2.3" } }, Cancellation)))["items"]![0]!));
        JsonNode source = (await _client.GetFromJsonAsync<JsonNode>("sources/9.1.2.3", Cancellation))!;
        Assert.Equal(expected, Claims(source));
        Assert.Equal((long)source["decision"]!["id"]!, (long)source["claims"]![0]!["id"]!);

        JsonNode listed = (await _client.GetFromJsonAsync<JsonNode>("decisions?owner=firehol", Cancellation))!;
        Assert.Equal(["9.1.2.4", "9.1.2.3"], listed["items"]!.AsArray().Select(item => (string)item!["scope"]!));
        Assert.All(listed["items"]!.AsArray(), item => Assert.Null(item!["claims"]));

        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync($"rules/{rule["id"]}", Cancellation)).StatusCode);
        JsonNode after = (await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("decisions/check", new { addresses = new[] { "9.1.2.3" } }, Cancellation)))["items"]![0]!;
        Assert.Equal("rate-limit", (string?)after["verdict"]);
        Assert.Equal(["feed firehol rate-limit True", "feed spamhaus drop False"], Claims(after));
    }

    [Fact]
    public async Task A_list_that_is_imported_again_replaces_itself_and_nothing_else()
    {
        JsonNode rule = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("rules", new { scope = "9.1.0.1", verdict = "rate-limit" }, Cancellation));
        Assert.Equal((3, 0), await Import("9.1.0.1\n9.1.0.2\n9.1.0.3\n", "list=abuse"));
        Assert.Equal((2, 0), await Import("9.1.0.9\n9.1.0.8\n", "list=other"));
        long kept = await IdOf("9.1.0.2");
        Assert.Equal((2, 2), await Import("9.1.0.2\n9.1.0.4\n", "list=abuse"));
        Assert.Equal(kept, await IdOf("9.1.0.2"));
        Assert.Equal(["9.1.0.1", "9.1.0.2", "9.1.0.4", "9.1.0.8", "9.1.0.9"], (await _client.GetFromJsonAsync<JsonNode>("rules", Cancellation))!["items"]!.AsArray().Select(item => (string)item!["scope"]!).Order(StringComparer.Ordinal));

        HttpResponseMessage dry = await _client.PostAsync("rules/import?list=abuse&dryRun=true", new StringContent("9.1.0.7\n", Encoding.UTF8, "text/plain"), Cancellation);
        JsonNode would = await ApplianceFactory.JsonOf(dry);
        Assert.Equal((HttpStatusCode.Accepted, 1, 2), (dry.StatusCode, (int)would["added"]!, (int)would["removed"]!));

        // One line of a list is the list's; the rule of the same scope is the operator's.
        Assert.Equal(HttpStatusCode.Conflict, (await _client.DeleteAsync($"rules/{kept}", Cancellation)).StatusCode);
        Assert.Equal((2, 1), await Import("9.1.0.1\n9.1.0.2\n", "list=abuse"));
        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync($"rules/{rule["id"]}", Cancellation)).StatusCode);
        Assert.Equal(Verdict.Drop, _appliance.Board.Effective(Prefix.Parse("9.1.0.1"))!.Verdict);

        Assert.Equal((0, 2), await Import("# nothing any more\n", "list=abuse"));
        Assert.Null(_appliance.Board.Effective(Prefix.Parse("9.1.0.1")));
        Assert.NotNull(_appliance.Board.Effective(Prefix.Parse("9.1.0.9")));
    }

    [Fact]
    public async Task A_list_needs_a_name_that_is_a_word()
    {
        HttpResponseMessage refused = await _client.PostAsync("rules/import?list=Not%20A%20Word", new StringContent("9.1.0.7\n", Encoding.UTF8, "text/plain"), Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.NotNull((await ApplianceFactory.JsonOf(refused))["errors"]!["list"]);
    }

    [Fact]
    public async Task A_list_with_a_guarded_line_changes_nothing()
    {
        Assert.Equal((1, 0), await Import("9.1.0.1\n", "list=abuse"));
        HttpResponseMessage refused = await _client.PostAsync("rules/import?list=abuse", new StringContent("9.1.0.2\n127.0.0.1\n", Encoding.UTF8, "text/plain"), Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.NotNull((await ApplianceFactory.JsonOf(refused))["errors"]!["line 2"]);
        Assert.Equal((Verdict.Drop, null), (_appliance.Board.Effective(Prefix.Parse("9.1.0.1"))!.Verdict, _appliance.Board.Effective(Prefix.Parse("9.1.0.2"))));
    }

    private static IEnumerable<string> Claims(JsonNode body) =>
        body["claims"]!.AsArray().Select(claim => $"{claim!["origin"]} {claim["owner"]} {claim["verdict"]} {(bool)claim["wins"]!}");

    private async Task<long> IdOf(string scope) => (long)(await _client.GetFromJsonAsync<JsonNode>($"decisions?scope={scope}", Cancellation))!["items"]![0]!["id"]!;

    private async Task<(int Imported, int Removed)> Import(string text, string query)
    {
        HttpResponseMessage response = await _client.PostAsync($"rules/import?{query}", new StringContent(text, Encoding.UTF8, "text/plain"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonNode body = await ApplianceFactory.JsonOf(response);
        return ((int)body["imported"]!, (int)body["removed"]!);
    }
}
