using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Board;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Intel;

public sealed class TaxiiApiTests : IDisposable
{
    private const string Media = "application/taxii+json;version=2.1";
    private const string Objects = "/taxii2/api/collections/intelligence/objects/";
    private const string SharedObjects = "/taxii2/api/collections/shared/objects/";
    private readonly ApplianceFactory _appliance = new("[intel]\npartner_action = \"drop\"\nnever_share = [\"198.51.100.64/26\"]\n");
    private readonly HttpClient _client;

    public TaxiiApiTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private void Block(string scope, EvidenceClass proof = EvidenceClass.Application, Verdict verdict = Verdict.Drop)
    {
        Evidence evidence = new(0, Prefix.Parse(scope).Network, "brute-force", proof, 0.9, TimeProvider.System.GetUtcNow(), "tried");
        Assert.Null(_appliance.Board.Publish(new DecisionRequest(Prefix.Parse(scope), verdict, Origin.Local, "brute-force", 0.9, TimeSpan.FromHours(1), [evidence], null, "appliance")).Refusal);
    }

    private async Task<JsonArray> Get(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Media, $"{response.Content.Headers.ContentType}".Replace(" ", "", StringComparison.Ordinal));
        return (await ApplianceFactory.JsonOf(response))["objects"]?.AsArray() ?? [];
    }

    private async Task<JsonArray> Until(string path, Func<JsonArray, bool> enough)
    {
        while (true)
        {
            if (await Get(path) is var found && enough(found))
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    private Task<JsonArray> Indicators(int count) => Until(Objects + "?match[type]=indicator", found => found.Count == count);

    [Fact]
    public async Task What_is_guarded_private_forgeable_or_named_by_the_operator_never_leaves()
    {
        // The first six are not shared; the last one shows that the reader has passed them.
        await _client.PostAsJsonAsync("rules", new { scope = "10.9.8.7", verdict = "drop" }, Cancellation);
        await _client.PostAsJsonAsync("rules", new { scope = "198.51.100.70", verdict = "drop" }, Cancellation);
        await _client.PostAsJsonAsync("rules", new { scope = "198.51.100.0/24", verdict = "drop" }, Cancellation);
        await _client.PostAsJsonAsync("rules", new { scope = "203.0.113.60", verdict = "pass" }, Cancellation);
        Block("203.0.113.61", EvidenceClass.Spoofable, Verdict.RateLimit);
        _appliance.Board.Publish(new DecisionRequest(Prefix.Parse("93.184.216.34"), Verdict.Drop, Origin.Feed, "listed", 1, TimeSpan.FromHours(1), [], null, "feed"));
        Block("203.0.113.62");
        JsonArray found = await Indicators(1);
        Assert.StartsWith("203.0.113.62", (string?)found[0]!["name"], StringComparison.Ordinal);
        Assert.Single(await Get(Objects + "?match[type]=ipv4-addr"));
    }

    [Fact]
    public async Task A_lifted_decision_becomes_a_revoked_version_and_ids_stay_the_same()
    {
        Block("203.0.113.9");
        JsonNode first = (await Indicators(1))[0]!;
        Decision decision = _appliance.Board.Effective(Prefix.Parse("203.0.113.9"))!;
        (await _client.DeleteAsync($"decisions/{decision.Id}", Cancellation)).EnsureSuccessStatusCode();
        JsonNode last = (await Until(Objects + "?match[type]=indicator", found => (bool?)found[0]!["revoked"] == true))[0]!;
        Assert.Equal((string?)first["id"], (string?)last["id"]);
        Assert.Equal((string?)first["created"], (string?)last["created"]);
        Assert.True(string.CompareOrdinal((string?)first["modified"], (string?)last["modified"]) < 0);
        JsonArray all = await Get($"{Objects}{first["id"]}/?match[version]=all");
        Assert.Contains(all, one => string.Equals($"{one}", $"{first}", StringComparison.Ordinal));
        Assert.Equal($"{all[0]}", $"{(await Get($"{Objects}{first["id"]}/?match[version]=first"))[0]}");
        Assert.Equal($"{last}", $"{all[^1]}");
        Assert.Equal($"{first}", $"{(await Get($"{Objects}{first["id"]}/?match[version]={first["modified"]}"))[0]}");
    }

    [Fact]
    public async Task An_import_that_is_told_as_one_event_is_published_whole()
    {
        string list = string.Join('\n', Enumerable.Range(1, 50).Select(i => $"203.0.113.{i}"));
        (await _client.PostAsync("rules/import?verdict=drop", new StringContent(list), Cancellation)).EnsureSuccessStatusCode();
        await Indicators(50);
    }

    [Fact]
    public async Task Pages_follow_one_another_by_a_token_that_can_be_used_twice()
    {
        foreach (int i in Enumerable.Range(1, 9))
        {
            Block($"203.0.113.{i}");
        }

        await Until(Objects + "?match[type]=sighting", found => found.Count == 9);
        List<string> seen = [];
        string? next = null;
        do
        {
            string path = $"{Objects}?limit=4{(next is null ? "" : $"&next={next}")}";
            JsonNode page = JsonNode.Parse(await _client.GetStringAsync(path, Cancellation))!;
            Assert.Equal($"{page}", $"{JsonNode.Parse(await _client.GetStringAsync(path, Cancellation))}");
            seen.AddRange(page["objects"]!.AsArray().Select(one => (string)one!["id"]!));
            next = (bool)page["more"]! ? (string?)page["next"] : null;
        }
        while (next is not null);
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(seen, (await Get(Objects + "?limit=1000")).Select(one => (string)one!["id"]!));
        using HttpResponseMessage all = await _client.GetAsync(Objects + "?limit=3", Cancellation);
        string last = all.Headers.GetValues("X-TAXII-Date-Added-Last").Single();
        Assert.Equal(seen.Skip(3), (await Get($"{Objects}?limit=1000&added_after={last}")).Select(one => (string)one!["id"]!));
        Assert.Equal(2, (await Get($"{Objects}?match[type]=indicator&limit=2")).Count);
        Assert.Equal(seen.Take(2).Order(StringComparer.Ordinal), (await Get($"{Objects}?match[id]={seen[0]},{seen[1]},nonsense")).Select(one => (string)one!["id"]!).Order(StringComparer.Ordinal));
        Assert.Empty(await Get($"{Objects}?match[spec_version]=2.0"));
        Assert.Empty(await Get($"{Objects}?match[type]=campaign"));
        Assert.Equal("{}", await _client.GetStringAsync($"{Objects}?match[type]=campaign", Cancellation));
    }

    [Theory]
    [InlineData("GET", Objects + "?limit=0", 400)]
    [InlineData("GET", Objects + "?limit=-1", 400)]
    [InlineData("GET", Objects + "?next=zz", 400)]
    [InlineData("GET", Objects + "?added_after=yesterday", 400)]
    [InlineData("GET", Objects + "?match[version]=newest", 400)]
    [InlineData("GET", Objects + "?match[colour]=red", 400)]
    [InlineData("GET", Objects + "?limit=1&limit=2", 400)]
    [InlineData("GET", Objects + "indicator--00000000-0000-4000-8000-000000000000/", 404)]
    [InlineData("GET", "/taxii2/api/collections/other/objects/", 404)]
    [InlineData("GET", "/taxii2/api/status/00000000-0000-4000-8000-000000000000/", 404)]
    [InlineData("GET", "/taxii2/other/", 404)]
    [InlineData("PUT", Objects, 405)]
    [InlineData("POST", "/taxii2/", 405)]
    [InlineData("DELETE", Objects, 405)]
    [InlineData("POST", Objects, 403)]
    [InlineData("DELETE", Objects + "indicator--00000000-0000-4000-8000-000000000000/", 403)]
    [InlineData("DELETE", SharedObjects + "indicator--00000000-0000-4000-8000-000000000000/", 404)]
    public async Task Each_error_has_the_form_of_the_standard(string method, string path, int status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = method is "POST" ? Envelope("{\"objects\":[{}]}") : null };
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
        await Refused(response, status);
    }

    [Theory]
    [InlineData("{\"objects\":[", Media, 400)]
    [InlineData("\"\\ud800\"", Media, 422)]
    [InlineData("{}", Media, 422)]
    [InlineData("{\"objects\":[]}", Media, 422)]
    [InlineData("{\"objects\":{}}", Media, 422)]
    [InlineData("{\"objects\":[{}]}", "application/json", 415)]
    [InlineData("{\"objects\":[{}]}", "application/taxii+json;version=2.0", 415)]
    [InlineData("{\"objects\":[{}]}", "application/taxii+json", 202)]
    public async Task What_is_added_is_judged(string body, string type, int status)
    {
        using HttpResponseMessage response = await _client.PostAsync(SharedObjects, Envelope(body, type), Cancellation);
        if (status == 202)
        {
            Assert.Equal(202, (int)response.StatusCode);
            return;
        }

        await Refused(response, status);
    }

    [Fact]
    public async Task A_body_that_is_too_deep_or_too_long_is_refused()
    {
        string deep = $"{{\"objects\":{new string('[', 3000)}{new string(']', 3000)}}}";
        await Refused(await _client.PostAsync(SharedObjects, Envelope(deep), Cancellation), 400);
        await Refused(await _client.PostAsync(SharedObjects, Envelope(new string(' ', (10 << 20) + 1)), Cancellation), 413);
    }

    [Theory]
    [InlineData("application/taxii+json", true)]
    [InlineData("APPLICATION/TAXII+JSON; version=\"2.1\"", true)]
    [InlineData("text/html, application/taxii+json;version=2.1;q=0.5", true)]
    [InlineData("*/*", true)]
    [InlineData("application/*", true)]
    [InlineData("application/taxii+json;version=2.0", false)]
    [InlineData("application/vnd.oasis.taxii+json", false)]
    [InlineData("application/stix+json", false)]
    [InlineData("application/taxii+json;q=0", false)]
    public async Task The_media_type_is_agreed_on(string accept, bool isServed)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Objects);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
        Assert.Equal(isServed ? 200 : 406, (int)response.StatusCode);
    }

    [Fact]
    public async Task Keys_come_by_basic_or_bearer_and_need_the_scope()
    {
        using HttpClient stranger = _appliance.Stranger();
        using HttpResponseMessage refused = await stranger.GetAsync("/taxii2/", Cancellation);
        await Refused(refused, 401);
        Assert.Equal("Basic", refused.Headers.WwwAuthenticate.Single().Scheme);
        stranger.DefaultRequestHeaders.Authorization = Basic("anybody", _appliance.Key);
        Assert.Equal(200, (int)(await stranger.GetAsync("/taxii2/", Cancellation)).StatusCode);
        stranger.DefaultRequestHeaders.Authorization = Basic("anybody", "wrong");
        await Refused(await stranger.GetAsync("/taxii2/", Cancellation), 401);

        // The control plane itself knows bearers only.
        stranger.DefaultRequestHeaders.Authorization = Basic("anybody", _appliance.Key);
        Assert.Equal(401, (int)(await stranger.GetAsync("stats", Cancellation)).StatusCode);
        JsonNode key = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("keys", new { name = "reader", scopes = new[] { "intel:read" } }, Cancellation));
        stranger.DefaultRequestHeaders.Authorization = Basic("", (string)key["secret"]!);
        Assert.Equal(200, (int)(await stranger.GetAsync(Objects, Cancellation)).StatusCode);
        await Refused(await stranger.PostAsync(SharedObjects, Envelope("{\"objects\":[{}]}"), Cancellation), 403);
    }

    [Fact]
    public async Task An_indicator_that_a_partner_adds_is_a_claim_of_its_owner_through_the_guard()
    {
        const string id = "indicator--0a0a0a0a-0000-4000-8000-000000000001";
        string Indicator(string modified, string pattern, string more = "") => $$"""
            {"type":"indicator","spec_version":"2.1","id":"{{id}}","created":"2026-01-01T00:00:00.000Z","modified":"{{modified}}","pattern":"{{pattern}}","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z"{{more}}}
            """;
        string first = Indicator("2026-01-01T00:00:00.000Z", "[ipv4-addr:value IN ('93.184.216.34','127.0.0.1')]", ",\"confidence\":40");
        JsonNode status = await ApplianceFactory.JsonOf(await _client.PostAsync(SharedObjects, Envelope($"{{\"objects\":[{first}]}}"), Cancellation));
        Assert.Contains("127.0.0.1 is refused", (string?)status["successes"]![0]!["message"], StringComparison.OrdinalIgnoreCase);
        Decision claim = _appliance.Board.Effective(Prefix.Parse("93.184.216.34"))!;
        Assert.Equal((Origin.Feed, "taxii:admin", 0.4, Verdict.Drop), (claim.Origin, claim.Owner, claim.Confidence, claim.Verdict));
        Assert.NotNull(claim.Expiry);

        // It is served back byte for byte, and is none of ours.
        Assert.Contains(first.Trim(), await _client.GetStringAsync($"{SharedObjects}{id}/", Cancellation), StringComparison.Ordinal);
        // Another partner who says the same and takes it back again changes nothing of that.
        JsonNode other = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("keys", new { name = "other", scopes = new[] { "intel:read", "intel:write" } }, Cancellation));
        using HttpClient partner = _appliance.Stranger(key: (string)other["secret"]!);
        string foreign = Indicator("2026-01-01T12:00:00.000Z", "[ipv4-addr:value = '93.184.216.34']", ",\"revoked\":true");
        JsonNode refusedForeign = await ApplianceFactory.JsonOf(await partner.PostAsync(SharedObjects, Envelope($"{{\"objects\":[{foreign}]}}"), Cancellation));
        Assert.Contains("Another key has added this object", (string?)refusedForeign["failures"]![0]!["message"], StringComparison.Ordinal);
        Assert.Equal("taxii:admin", _appliance.Board.Effective(Prefix.Parse("93.184.216.34"))!.Owner);
        string revoked = Indicator("2026-01-02T00:00:00.000Z", "[ipv4-addr:value = '93.184.216.34']", ",\"revoked\":true");
        (await _client.PostAsync(SharedObjects, Envelope($"{{\"objects\":[{revoked}]}}"), Cancellation)).EnsureSuccessStatusCode();
        Assert.Null(_appliance.Board.Effective(Prefix.Parse("93.184.216.34")));
        string third = Indicator("2026-01-03T00:00:00.000Z", "[ipv4-addr:value = '93.184.216.34']");
        (await _client.PostAsync(SharedObjects, Envelope($"{{\"objects\":[{third}]}}"), Cancellation)).EnsureSuccessStatusCode();
        Assert.NotNull(_appliance.Board.Effective(Prefix.Parse("93.184.216.34")));

        // A version that speaks of other addresses moves the claim, and an older one that comes late does nothing.
        string moved = Indicator("2026-01-04T00:00:00.000Z", "[ipv4-addr:value = '93.184.216.35']");
        (await _client.PostAsync(SharedObjects, Envelope($"{{\"objects\":[{moved}]}}"), Cancellation)).EnsureSuccessStatusCode();
        Assert.Equal((true, true), (_appliance.Board.Effective(Prefix.Parse("93.184.216.34")) is null, _appliance.Board.Effective(Prefix.Parse("93.184.216.35")) is not null));
        string late = Indicator("2026-01-03T12:00:00.000Z", "[ipv4-addr:value = '93.184.216.36']");
        JsonNode kept = await ApplianceFactory.JsonOf(await _client.PostAsync(SharedObjects, Envelope($"{{\"objects\":[{late}]}}"), Cancellation));
        Assert.Contains("is newer", (string?)kept["successes"]![0]!["message"], StringComparison.Ordinal);
        Assert.Null(_appliance.Board.Effective(Prefix.Parse("93.184.216.36")));

        // Deleting one version leaves the others; deleting all takes the claim back.
        (await _client.DeleteAsync($"{SharedObjects}{id}/?match[version]=first", Cancellation)).EnsureSuccessStatusCode();
        Assert.Equal(4, (await Get($"{SharedObjects}{id}/?match[version]=all")).Count);
        Assert.NotNull(_appliance.Board.Effective(Prefix.Parse("93.184.216.35")));
        await Refused(await partner.DeleteAsync($"{SharedObjects}{id}/", Cancellation), 403);
        Assert.NotNull(_appliance.Board.Effective(Prefix.Parse("93.184.216.35")));
        (await _client.DeleteAsync($"{SharedObjects}{id}/", Cancellation)).EnsureSuccessStatusCode();
        Assert.Null(_appliance.Board.Effective(Prefix.Parse("93.184.216.35")));
        await Refused(await _client.GetAsync($"{SharedObjects}{id}/", Cancellation), 404);
    }

    [Fact]
    public async Task What_a_partner_adds_is_bounded_in_width_time_bytes_and_text()
    {
        static string Indicator(int number, string modified, string pattern) => $$"""
            {"type":"indicator","spec_version":"2.1","id":"indicator--0b0b0b0b-0000-4000-8000-{{number:d12}}","created":"2026-01-01T00:00:00.000Z","modified":"{{modified}}","pattern":"{{pattern}}","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z"}
            """;

        // As wide as a /16 goes, a /8 does not; a pattern that is not addresses alone is told so; the far future is refused.
        string some = string.Join(',', Indicator(1, "2026-01-01T00:00:00.000Z", "[ipv4-addr:value = '93.0.0.0/8']"), Indicator(2, "2026-01-01T00:00:00.000Z", "[ipv4-addr:value = '93.184.0.0/16']"),
            Indicator(3, "2026-01-01T00:00:00.000Z", "[ipv4-addr:value != '93.184.216.34']"), Indicator(4, "9999-01-01T00:00:00.000Z", "[ipv4-addr:value = '93.185.216.34']"));
        JsonNode status = await ApplianceFactory.JsonOf(await _client.PostAsync(SharedObjects, Envelope($"{{\"objects\":[{some}]}}"), Cancellation));
        string?[] messages = [.. status["successes"]!.AsArray().Select(one => (string?)one!["message"])];
        Assert.Contains("wider than /16", messages[0], StringComparison.Ordinal);
        Assert.Null(messages[1]);
        Assert.Contains("a list of addresses", messages[2], StringComparison.Ordinal);
        Assert.Contains("in the future", (string?)status["failures"]![0]!["message"], StringComparison.Ordinal);
        Assert.Equal((false, true), (_appliance.Board.Effective(Prefix.Parse("93.1.1.1")) is not null, _appliance.Board.Effective(Prefix.Parse("93.184.216.34")) is not null));

        ByteArrayContent damaged = new([.. "{\"objects\":[{\"type\":\"x-a\",\"id\":\"x-a--0b0b0b0b-0000-4000-8000-000000000009\",\"name\":\""u8, 0xff, 0xfe, .. "\"}]}"u8]);
        damaged.Headers.ContentType = MediaTypeHeaderValue.Parse(Media);
        await Refused(await _client.PostAsync(SharedObjects, damaged, Cancellation), 400);
    }

    [Fact]
    public async Task Objects_of_one_key_have_their_bytes_and_limit_is_what_they_do_unless_the_operator_says_drop()
    {
        using ApplianceFactory small = new("[intel]\npartner_megabytes = 1\n");
        using HttpClient client = small.Operator();
        string Junk(int number) => $"{{\"objects\":[{{\"type\":\"x-junk\",\"id\":\"x-junk--0c0c0c0c-0000-4000-8000-{number:d12}\",\"spec_version\":\"2.1\",\"created\":\"2026-01-01T00:00:00.000Z\",\"modified\":\"2026-01-01T00:00:00.000Z\",\"text\":\"{new string('x', 600_000)}\"}}]}}";
        Assert.Equal(202, (int)(await client.PostAsync(SharedObjects, Envelope(Junk(1)), Cancellation)).StatusCode);
        await Refused(await client.PostAsync(SharedObjects, Envelope(Junk(2)), Cancellation), 413);
        const string indicator = """{"objects":[{"type":"indicator","spec_version":"2.1","id":"indicator--0d0d0d0d-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","pattern":"[ipv4-addr:value = '93.184.216.34']","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z"}]}""";
        Assert.Equal(202, (int)(await client.PostAsync(SharedObjects, Envelope(indicator), Cancellation)).StatusCode);
        Assert.Equal(Verdict.RateLimit, small.Board.Effective(Prefix.Parse("93.184.216.34"))!.Verdict);
    }

    private static StringContent Envelope(string body, string type = Media)
    {
        StringContent content = new(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static async Task Refused(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/taxii+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode body = await ApplianceFactory.JsonOf(response);
        Assert.Equal($"{status}", (string?)body["http_status"]);
        Assert.NotEmpty((string?)body["title"] ?? "");
    }
}
