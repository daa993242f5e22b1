using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>What a request says and the appliance does not know is refused: ignored, it would do something else than was meant.</summary>
public sealed class StrictnessTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public StrictnessTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    [Theory]
    [InlineData("GET", "decisions?address=192.0.2.1", "address", "active")]
    [InlineData("POST", "rules?dry_run=true", "dry_run", "dryRun")]
    [InlineData("POST", "decisions?dryrn=true", "dryrn", "dryRun")]
    [InlineData("POST", "rules/import?ttl=60", "ttl", "ttlSeconds")]
    [InlineData("DELETE", "rules/4000?dry-run=true", "dry-run", "dryRun")]
    [InlineData("POST", "changes?dryRunn=true", "dryRunn", "dryRun")]
    [InlineData("GET", "decisions?scop=192.0.2.1", "scop", "scope")]
    [InlineData("GET", "audit?actors=x", "actors", "actor")]
    [InlineData("GET", "captures?adress=9.1.2.3", "adress", "address")]
    [InlineData("GET", "events/history?kinds=status", "kinds", "kind")]
    [InlineData("GET", "fingerprints?kin=ja4", "kin", "kind")]
    [InlineData("GET", "keys?limit=1", "limit", null)]
    [InlineData("GET", "stats?x=1", "x", null)]
    [InlineData("GET", "health/ready?x=1", "x", null)]
    public async Task A_query_parameter_that_is_not_known_is_named_with_the_nearest_one_and_nothing_is_done(string method, string path, string parameter, string? nearest)
    {
        long before = _appliance.Board.Version;
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Content = method is "POST" ? path.Contains("import", StringComparison.Ordinal)
            ? new StringContent("198.51.100.1\n")
            : JsonContent.Create(new { scope = "198.51.100.1", verdict = "drop" }) : null;
        using HttpResponseMessage answer = await _client.SendAsync(request, Cancellation);
        JsonNode problem = await ApplianceFactory.JsonOf(answer);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        string why = (string)problem["errors"]![parameter]![0]!;
        Assert.Contains(nearest is null ? "None is known" : $"'{nearest}'", why, StringComparison.Ordinal);
        Assert.Equal(before, _appliance.Board.Version);
    }

    [Theory]
    [InlineData("decisions?scope=")]
    [InlineData("decisions?limit=1&limit=2")]
    [InlineData("decisions?contains=&limit=5")]
    public async Task A_parameter_without_a_value_or_given_twice_is_refused(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("decisions?limit=5&contains=9.1.2.3", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("rules", """{"scope":"198.51.100.1","verdict":"drop","ttl":60}""", "ttl", "ttlSeconds")]
    [InlineData("decisions", """{"scope":"198.51.100.1","verdict":"drop","dryRun":true}""", "dryRun", "reason")]
    [InlineData("keys", """{"name":"k","role":"viewer","network":["127.0.0.1"]}""", "network", "networks")]
    [InlineData("changes", """{"rules":[{"scope":"198.51.100.1","verdict":"drop","ttlSecond":60}]}""", "ttlSecond", "ttlSeconds")]
    public async Task A_member_that_a_body_may_not_have_is_named_with_the_nearest_one(string path, string body, string member, string nearest)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _client.PostAsync(path, content, Cancellation);
        string detail = (string)(await ApplianceFactory.JsonOf(answer))["detail"]!;
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"no member '{member}'", detail, StringComparison.Ordinal);
        Assert.Contains(nearest, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Blackwall.Api", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_is_given_twice_is_refused()
    {
        using StringContent content = new("""{"scope":"198.51.100.1","verdict":"rate-limit","verdict":"drop"}""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsync("rules", content, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_rule_that_the_client_has_already_is_not_sent_again()
    {
        HttpResponseMessage made = await _client.PostAsJsonAsync("rules", new { scope = "198.51.100.1", verdict = "drop" }, Cancellation);
        string path = $"rules/{(long)(await ApplianceFactory.JsonOf(made))["id"]!}";
        EntityTagHeaderValue tag = (await _client.GetAsync(path, Cancellation)).Headers.ETag!;
        Assert.Equal(HttpStatusCode.NotModified, await StatusWith(path, tag.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, await StatusWith(path, $"\"other\", W/{tag}"));
        Assert.Equal(HttpStatusCode.NotModified, await StatusWith(path, "*"));
        Assert.Equal(HttpStatusCode.OK, await StatusWith(path, "\"other\""));
        await _client.PostAsJsonAsync("rules", new { scope = "198.51.100.1", verdict = "rate-limit" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, await StatusWith(path, tag.ToString()));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("0.0.0.0/1")]
    [InlineData("2000::/3")]
    [InlineData("::ffff:0.0.0.0/96")]
    public async Task To_allow_a_large_part_of_the_internet_has_to_be_said_by_name(string scope)
    {
        using HttpResponseMessage refused = await _client.PostAsJsonAsync("rules", new { scope, verdict = "pass" }, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("force = true", (string)(await ApplianceFactory.JsonOf(refused))["errors"]!["force"]![0]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _client.PostAsJsonAsync("changes", new { rules = new[] { new { scope, verdict = "pass" } } }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await _client.PostAsJsonAsync("rules", new { scope = "10.0.0.0/8", verdict = "pass" }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await _client.PostAsJsonAsync("rules", new { scope, verdict = "pass", force = true }, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Halves_of_the_internet_in_one_list_are_the_whole()
    {
        string list = string.Join('\n', Enumerable.Range(1, 3).Select(n => $"{n}.0.0.0/8"));
        using HttpResponseMessage refused = await _client.PostAsync("rules/import?verdict=pass", new StringContent(list), Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        using HttpResponseMessage forced = await _client.PostAsync("rules/import?verdict=pass&force=true", new StringContent(list), Cancellation);
        Assert.Equal(HttpStatusCode.OK, forced.StatusCode);
    }

    [Theory]
    [InlineData("::ffff:192.0.02.1")]
    [InlineData("::ffff:192.00.2.1")]
    [InlineData("64:ff9b::192.0.2.01")]
    [InlineData("::ffff:010.0.0.1")]
    public async Task A_leading_zero_in_the_dotted_end_is_refused_through_every_door(string address)
    {
        Assert.False(Address.TryParse(address, out _));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _client.PostAsJsonAsync("rules", new { scope = address, verdict = "drop" }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _client.PostAsJsonAsync("decisions/check", new { addresses = new[] { address } }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _client.PostAsync("rules/import", new StringContent(address), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _client.PostAsJsonAsync("keys", new { name = "k", role = "viewer", networks = new[] { address } }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _client.GetAsync($"sources/{Uri.EscapeDataString(address)}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _client.GetAsync($"decisions?scope={Uri.EscapeDataString(address)}", Cancellation)).StatusCode);
        Assert.True(Address.TryParse("::ffff:192.0.2.1", out Address good) && good == Address.Parse("192.0.2.1"));
    }

    private async Task<HttpStatusCode> StatusWith(string path, string tags)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tags);
        using HttpResponseMessage answer = await _client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
