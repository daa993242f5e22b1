using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>A body that is missing, of another kind or of another type is answered in words that a client knows.</summary>
public sealed class WrongBodyTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public WrongBodyTests() => _client = _appliance.Operator();

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> Post(string path, HttpContent? content)
    {
        using HttpResponseMessage response = await _client.PostAsync(path, content, TestContext.Current.CancellationToken);
        return (response.StatusCode, await ApplianceFactory.JsonOf(response));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    [Theory]
    [InlineData("sources/203.0.113.9/false-positive", "This needs a JSON body; {} will do.")]
    [InlineData("changes", "This needs a JSON body; {} will do.")]
    [InlineData("rules", "This needs a JSON body.")]
    [InlineData("decisions", "This needs a JSON body.")]
    [InlineData("decisions/check", "This needs a JSON body.")]
    [InlineData("captures", "This needs a JSON body.")]
    [InlineData("keys", "This needs a JSON body.")]
    public async Task A_missing_body_is_asked_for(string path, string sentence)
    {
        foreach (HttpContent? content in new[] { null, Json("null") })
        {
            (HttpStatusCode status, JsonNode body) = await Post(path, content);
            Assert.Equal((HttpStatusCode.BadRequest, sentence), (status, (string?)body["detail"]));
            Assert.Equal(sentence, (string?)body["errors"]!["body"]![0]);
        }
    }

    [Theory]
    [InlineData("sources/203.0.113.9/false-positive", "[]", "body", "it has to be an object, {...}")]
    [InlineData("decisions", "\"drop\"", "body", "it has to be an object, {...}")]
    [InlineData("rules", """{"scope":7,"verdict":"drop"}""", "scope", "scope has to be a string")]
    [InlineData("rules", """{"scope":"203.0.113.9","verdict":"drop","ttlSeconds":true}""", "ttlSeconds", "ttlSeconds has to be a whole number")]
    [InlineData("rules", """{"scope":"203.0.113.9","verdict":"drop","force":1}""", "force", "force has to be true or false")]
    [InlineData("decisions/check", """{"addresses":{}}""", "addresses", "addresses has to be a list")]
    [InlineData("changes", """{"rules":[7]}""", "rules[0]", "rules[0] has to be an object")]
    [InlineData("rules", "{", "body", "")]
    public async Task A_value_of_another_kind_is_named_without_names_of_the_program(string path, string json, string field, string sentence)
    {
        (HttpStatusCode status, JsonNode body) = await Post(path, Json(json));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(sentence, (string?)body["errors"]![field]![0], StringComparison.Ordinal);
        Assert.DoesNotContain("System.", (string?)body["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("Blackwall", (string?)body["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules", "Send the body with Content-Type: application/json.")]
    [InlineData("sources/203.0.113.9/false-positive", "Send the body with Content-Type: application/json.")]
    [InlineData("rules/import", "Send the body with Content-Type: text/plain.")]
    public async Task A_body_of_another_type_is_told_which_it_has_to_be(string path, string sentence)
    {
        using StringContent form = new("a=b", Encoding.UTF8, "application/x-www-form-urlencoded");
        (HttpStatusCode status, JsonNode body) = await Post(path, form);
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, sentence), (status, (string?)body["detail"]));
    }

    [Fact]
    public async Task A_redirect_without_a_tarpit_is_refused_at_every_door()
    {
        object rule = new { scope = "203.0.113.9", verdict = "redirect" };
        foreach (string path in new[] { "rules", "decisions", "rules?dryRun=true" })
        {
            (HttpStatusCode status, JsonNode body) = await Post(path, JsonContent.Create(rule));
            Assert.Equal(HttpStatusCode.Conflict, status);
            Assert.StartsWith("No tarpit is configured for IPv4", (string?)body["errors"]!["verdict"]![0], StringComparison.Ordinal);
        }

        (HttpStatusCode changed, JsonNode change) = await Post("changes", JsonContent.Create(new { rules = new[] { rule } }));
        Assert.Equal(HttpStatusCode.Conflict, changed);
        Assert.StartsWith("No tarpit is configured", (string?)change["errors"]!["rules[0]"]![0], StringComparison.Ordinal);
        using StringContent list = new("203.0.113.9\n", Encoding.UTF8, "text/plain");
        (HttpStatusCode imported, JsonNode import) = await Post("rules/import?verdict=redirect", list);
        Assert.Equal(HttpStatusCode.Conflict, imported);
        Assert.StartsWith("No tarpit is configured", (string?)import["errors"]!["line 1"]![0], StringComparison.Ordinal);
        Assert.Null(_appliance.Board.Effective(Blackwall.Pipeline.Model.Prefix.Parse("203.0.113.9")));
    }
}
