using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Behavior;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class FalsePositiveApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly WebApplicationFactory<Program> _detecting;
    private readonly HttpClient _client;

    public FalsePositiveApiTests()
    {
        _detecting = _appliance.WithWebHostBuilder(builder => builder.ConfigureTestServices(services => services.AddDetection().AddDetectionMemory()));
        _client = _detecting.CreateClient();
        _client.BaseAddress = new Uri(_client.BaseAddress!, "/api/v1/");
        _client.DefaultRequestHeaders.Authorization = new("Bearer", _appliance.Key);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private VerdictBoard Board => (VerdictBoard)_detecting.Services.GetService(typeof(VerdictBoard))!;

    public void Dispose()
    {
        _client.Dispose();
        _detecting.Dispose();
        _appliance.Dispose();
    }

    [Fact]
    public async Task Marking_lifts_remembers_and_shows()
    {
        Address source = Address.Parse("203.0.113.9");
        Evidence evidence = new(0, source, "brute-force", EvidenceClass.Handshake, 0.8, TimeProvider.System.GetUtcNow(), "30 logins in 10 s");
        Board.Publish(new DecisionRequest(Prefix.Host(source), Verdict.Drop, Origin.Local, "brute-force", 0.8, null, [evidence], null, "appliance"));

        HttpResponseMessage answer = await _client.PostAsJsonAsync("sources/203.0.113.9/false-positive", new { comment = "our backup" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["brute-force"], (await ApplianceFactory.JsonOf(answer))["kinds"]!.AsArray().Select(k => (string)k!));

        JsonNode shown = (await _client.GetFromJsonAsync<JsonNode>("sources/203.0.113.9", Cancellation))!;
        Assert.Equal("pass", (string?)shown["verdict"]);
        Assert.Equal("our backup", (string?)shown["falsePositive"]!["comment"]);
        Assert.Null(Board.Effective(Prefix.Host(source)));
        JsonNode stats = (await _client.GetFromJsonAsync<JsonNode>("stats", Cancellation))!;
        Assert.Contains("markedBruteForce", stats.ToJsonString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_appliance.Folder, "false-positives.state")));
    }

    [Theory]
    [InlineData("nonsense", "{}", "address")]
    [InlineData("203.0.113.9", """{"kinds":["bad-hair"]}""", "kinds")]
    [InlineData("203.0.113.9", "{}", "kinds")]
    [InlineData("203.0.113.9", """{"kinds":["beacon"],"ttlSeconds":1}""", "ttlSeconds")]
    public async Task What_cannot_be_marked_is_refused_by_the_name_of_the_field(string address, string body, string field)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        HttpResponseMessage answer = await _client.PostAsync($"sources/{address}/false-positive", content, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await ApplianceFactory.JsonOf(answer))["errors"]![field]);
    }

    [Fact]
    public async Task Without_detection_there_is_nothing_to_mark()
    {
        using ApplianceFactory off = new();
        using HttpClient client = off.Operator();
        HttpResponseMessage answer = await client.PostAsJsonAsync("sources/203.0.113.9/false-positive", new { kinds = new[] { "beacon" } }, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }
}
