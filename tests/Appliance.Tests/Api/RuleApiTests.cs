using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class RuleApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new("[rules]\nblocklist = [\"203.0.113.200\"]\nallowlist = [\"203.0.113.100\"]\n", tarpit: true);
    private readonly HttpClient _client;

    public RuleApiTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task<(Uri Location, EntityTagHeaderValue Tag)> Make(string scope, string verdict = "drop")
    {
        HttpResponseMessage response = await _client.PostAsJsonAsync("rules", new { scope, verdict }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (response.Headers.Location!, response.Headers.ETag!);
    }

    private async Task<HttpResponseMessage> Put(Uri location, object body, string? ifMatch)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, location) { Content = JsonContent.Create(body) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await _client.SendAsync(request, Cancellation);
    }

    [Fact]
    public async Task A_rule_is_edited_only_by_who_has_read_it_as_it_is()
    {
        (Uri location, EntityTagHeaderValue tag) = await Make("203.0.113.9");
        object edit = new { scope = "203.0.113.9", verdict = "redirect", comment = "let it play" };
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await Put(location, edit, null)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put(location, edit, "\"other\"")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put(location, edit, "W/" + tag)).StatusCode);
        HttpResponseMessage changed = await Put(location, edit, tag.ToString());
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag);
        Assert.Equal("redirect", (string?)(await ApplianceFactory.JsonOf(changed))["verdict"]);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put(location, edit, tag.ToString())).StatusCode);
        Assert.Equal(changed.Headers.ETag, (await _client.GetAsync(location, Cancellation)).Headers.ETag);
        Assert.Equal(422, (int)(await Put(location, new { scope = "203.0.113.10", verdict = "drop" }, "*")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Put(location, new { scope = "203.0.113.9", verdict = "pass" }, "*")).StatusCode);
        Assert.Equal(Verdict.Pass, _appliance.Board.Effective(Prefix.Parse("203.0.113.9"))!.Verdict);
    }

    [Fact]
    public async Task Of_many_edits_that_read_the_same_rule_one_wins()
    {
        (Uri location, EntityTagHeaderValue tag) = await Make("203.0.113.9");
        HttpResponseMessage[] edits = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Put(location, new { scope = "203.0.113.9", verdict = "drop", comment = $"edit {i}" }, tag.ToString())));
        Assert.Single(edits, e => e.StatusCode == HttpStatusCode.OK);
        Assert.Equal(19, edits.Count(e => e.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task A_rule_is_removed_and_then_gone_through_every_verb()
    {
        (Uri location, EntityTagHeaderValue tag) = await Make("203.0.113.9");
        using HttpRequestMessage stale = new(HttpMethod.Delete, location);
        stale.Headers.TryAddWithoutValidation("If-Match", "\"other\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await _client.SendAsync(stale, Cancellation)).StatusCode);
        using HttpRequestMessage fresh = new(HttpMethod.Delete, location);
        fresh.Headers.IfMatch.Add(tag);
        Assert.Equal(HttpStatusCode.NoContent, (await _client.SendAsync(fresh, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(location, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.DeleteAsync(location, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Put(location, new { scope = "203.0.113.9", verdict = "drop" }, "*")).StatusCode);
    }

    [Fact]
    public async Task Automatic_decisions_are_no_rules()
    {
        Decision feed = _appliance.Board.Publish(new DecisionRequest(Prefix.Parse("9.1.2.3"), Verdict.Drop, Origin.Feed, "listed", 1, null, [], null, "feed")).Decision!;
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync($"rules/{feed.Id}", Cancellation)).StatusCode);
        JsonNode list = (await _client.GetFromJsonAsync<JsonNode>("rules", Cancellation))!;
        Assert.Equal(["203.0.113.200", "203.0.113.100"], list["items"]!.AsArray().Select(i => (string)i!["scope"]!));
    }

    [Fact]
    public async Task Configured_rules_are_in_force_and_belong_to_the_file()
    {
        JsonNode rule = (await _client.GetFromJsonAsync<JsonNode>("decisions?scope=203.0.113.200", Cancellation))!["items"]![0]!;
        Assert.Equal(("drop", "config"), ((string?)rule["verdict"], (string?)rule["actor"]));
        foreach (string path in new[] { "rules", "decisions" })
        {
            HttpResponseMessage response = await _client.DeleteAsync($"{path}/{rule["id"]}", Cancellation);
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
            Assert.Contains("configuration file", (string)(await ApplianceFactory.JsonOf(response))["detail"]!, StringComparison.Ordinal);
        }

        HttpResponseMessage block = await _client.PostAsJsonAsync("rules", new { scope = "203.0.113.0/25", verdict = "drop" }, Cancellation);
        Assert.Contains("remove that rule first", (string)(await ApplianceFactory.JsonOf(block))["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_is_all_or_nothing_and_names_each_bad_line()
    {
        StringContent good = new("# list\n198.51.100.0/24\n198.51.100.7 # host\n\n2001:db8:5::/48\n198.51.100.7\n");
        HttpResponseMessage done = await _client.PostAsync("rules/import?verdict=redirect&ttlSeconds=600&reason=my-list", good, Cancellation);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        JsonNode body = await ApplianceFactory.JsonOf(done);
        Assert.Equal((3, true), ((int)body["imported"]!, (bool)body["enforced"]!));
        Assert.Equal(Verdict.RedirectToTarpit, _appliance.Board.Effective(Prefix.Parse("198.51.100.9"))!.Verdict);

        long before = _appliance.Board.Version;
        HttpResponseMessage bad = await _client.PostAsync("rules/import", new StringContent("9.9.9.9\nhello\n9.9.9.0/8\n"), Cancellation);
        Assert.Equal(422, (int)bad.StatusCode);
        Assert.Equal(["line 2", "line 3"], (await ApplianceFactory.JsonOf(bad))["errors"]!.AsObject().Select(e => e.Key));
        Assert.Equal(422, (int)(await _client.PostAsync("rules/import", new StringContent("# nothing\n"), Cancellation)).StatusCode);
        Assert.Equal(422, (int)(await _client.PostAsync("rules/import?verdict=x", new StringContent("9.9.9.9\n"), Cancellation)).StatusCode);
        Assert.Equal(415, (int)(await _client.PostAsync("rules/import", new StringContent("9.9.9.9\n", Encoding.UTF8, "application/json"), Cancellation)).StatusCode);
        Assert.Equal(before, _appliance.Board.Version);
    }

    [Fact]
    public async Task A_large_import_is_taken_whole()
    {
        StringBuilder list = new();
        for (int i = 0; i < 100_000; i++)
        {
            list.Append(System.Globalization.CultureInfo.InvariantCulture, $"9.{i >> 16}.{(i >> 8) & 255}.{i & 255}\n");
        }

        HttpResponseMessage done = await _client.PostAsync("rules/import", new StringContent(list.ToString()), Cancellation);
        Assert.Equal(100_000, (int)(await ApplianceFactory.JsonOf(done))["imported"]!);
        Assert.Equal(100_002, new BoardStats(_appliance.Board).Read()["ofOperator"]);
    }
}
