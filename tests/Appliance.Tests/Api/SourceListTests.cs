using System.Net;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Behavior;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>/sources: what detection knows, in order and a page at a time.</summary>
[Collection(MemoryCollection.Name)]
public sealed class SourceListTests : IDisposable
{
    private readonly Traffic _traffic = new();
    private readonly ApplianceFactory _appliance;
    private readonly HttpClient _client;

    public SourceListTests()
    {
        // A visitor with many packets, a scanner that opens 30 ports, and a lone SYN; the lone SYN last.
        _traffic.Establish("198.51.100.1", 443);
        _traffic.Close("198.51.100.1", 443, bytesIn: 700, bytesOut: 20_000);
        for (int port = 1; port <= 30; port++)
        {
            _traffic.Wait(0.01).Open("203.0.113.9", port);
        }

        _traffic.Wait(60).Open("2001:db8::7", 22);
        _appliance = new ApplianceFactory { Insight = _traffic.Stage };
        _client = _appliance.Operator("198.51.100.77");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task<JsonNode> List(string query = "") => JsonNode.Parse(await _client.GetStringAsync($"sources{query}", Cancellation))!;

    private static string[] Addresses(JsonNode list) => [.. list["items"]!.AsArray().Select(item => (string)item!["address"]!)];

    [Fact]
    public async Task Sources_are_listed_by_when_they_were_last_seen_and_by_packets()
    {
        Assert.Equal(["2001:db8::7", "203.0.113.9", "198.51.100.1"], Addresses(await List()));
        JsonNode most = await List("?sort=packets");
        Assert.Equal("203.0.113.9", Addresses(most)[0]);
        JsonNode scanner = most["items"]![0]!;
        Assert.Equal((30, false, "suspicious", "pass"), ((int)scanner["packets"]!, (bool)scanner["proven"]!, (string?)scanner["phase"], (string?)scanner["verdict"]));
        Assert.Null(scanner["decisionId"]);
        Assert.Equal("203.0.113.9", Addresses(await List("?sort=suspicion&limit=1"))[0]);
    }

    [Fact]
    public async Task They_are_filtered_by_phase_and_prefix()
    {
        Assert.Equal(["203.0.113.9"], Addresses(await List("?phase=suspicious")));
        Assert.Equal(["2001:db8::7"], Addresses(await List("?within=2001:db8::/32")));
        Assert.Empty(Addresses(await List("?phase=blocked")));
        Assert.Equal(["203.0.113.9"], Addresses(await List("?phase=suspicious&within=203.0.113.0/24&sort=packets")));
    }

    [Theory]
    [InlineData("last-seen")]
    [InlineData("packets")]
    [InlineData("suspicion")]
    public async Task Pages_go_on_where_the_one_before_ended_also_among_equals(string sort)
    {
        for (int i = 0; i < 40; i++)
        {
            _traffic.Open($"192.0.2.{100 + i}", 443);
        }

        List<string> seen = [];
        string cursor = "";
        do
        {
            JsonNode page = await List($"?limit=7&sort={sort}{cursor}");
            seen.AddRange(Addresses(page));
            cursor = (string?)page["nextCursor"] is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(43, seen.Count);
        Assert.Equal(Addresses(await List($"?limit=1000&sort={sort}")), seen);
    }

    [Fact]
    public async Task The_decision_that_wins_is_named()
    {
        Decision rule = _appliance.Board.Publish(new DecisionRequest(Prefix.Parse("203.0.113.0/24"), Verdict.Drop, Origin.Operator, "by-hand", 1, null, [], null, "admin")).Decision!;
        JsonNode scanner = (await List("?within=203.0.113.0/24"))["items"]![0]!;
        Assert.Equal(("drop", rule.Id), ((string?)scanner["verdict"], (long)scanner["decisionId"]!));
    }

    [Theory]
    [InlineData("?phase=bad", "phase", "must be one of new, suspicious, malicious, blocked, trusted; got 'bad'")]
    [InlineData("?sort=size", "sort", "must be one of last-seen, packets, suspicion; got 'size'")]
    [InlineData("?within=10.0.0.0/33", "within", "the prefix length is not within 0..")]
    [InlineData("?limit=0", "limit", "A whole number within 1..1000.")]
    [InlineData("?cursor=7", "cursor", "Not a cursor of this list.")]
    [InlineData("?cursor=x-y", "cursor", "Not a cursor of this list.")]
    public async Task What_is_wrong_is_named(string query, string field, string sentence)
    {
        HttpResponseMessage response = await _client.GetAsync($"sources{query}", Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(sentence, (string?)(await ApplianceFactory.JsonOf(response))["errors"]![field]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_detection_there_are_none()
    {
        using ApplianceFactory appliance = new();
        using HttpClient client = appliance.Operator();
        Assert.Equal("{\"items\":[],\"nextCursor\":null}", await client.GetStringAsync("sources", Cancellation));
    }
}
