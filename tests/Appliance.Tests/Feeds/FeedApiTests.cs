using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Lab.Servers;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>Feeds over the API, against a server that does everything wrong that it can.</summary>
public sealed class FeedApiTests(FeedAppliance shared) : IClassFixture<FeedAppliance>
{
    private readonly ApplianceFactory _appliance = shared.Factory;
    private readonly FeedServer _server = shared.Server;
    private readonly HttpClient _client = shared.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Lines(int network, int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"45.{network}.0.{i}\n"));

    private Verdict VerdictOf(string address) => _appliance.Board.Effective(Prefix.Parse(address))?.Verdict ?? Verdict.Pass;

    private async Task Make(string name, Uri url, string action = "drop", string format = "plain", string kind = "attackers")
    {
        HttpResponseMessage made = await _client.PostAsJsonAsync("feeds", new { name, url, action, format, kind }, Cancellation);
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Cancellation));
        await Eventually.Reads(() => Get(name).GetAwaiter().GetResult(), feed => feed["lastRun"] is not null);
    }

    private async Task<JsonNode> Get(string name) => (await _client.GetFromJsonAsync<JsonNode>($"feeds/{name}", Cancellation))!;

    private async Task<JsonNode> Refresh(string name, string query = "")
    {
        HttpResponseMessage answer = await _client.PostAsync(new Uri($"feeds/{name}/refresh{query}", UriKind.Relative), null, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return await ApplianceFactory.JsonOf(answer);
    }

    [Fact]
    public async Task A_feed_is_fetched_claimed_told_of_and_taken_away()
    {
        Uri url = _server.Offer("list", "# a list\n45.0.0.1\n45.1.0.0/16 ; SBL1\nnonsense\n10.0.0.0/8\n0.0.0.0/0\n");
        await Make("mine", url);
        JsonNode feed = await Get("mine");
        Assert.Equal(("current", 2, 2), ((string?)feed["state"], (int)feed["entries"]!, (int)feed["claims"]!));
        Assert.Equal((1, 2), ((int)feed["lastRun"]!["invalid"]!, (int)feed["lastRun"]!["refused"]!));
        Assert.Equal((Verdict.Drop, Verdict.Drop, Verdict.Pass, Verdict.Pass), (VerdictOf("45.0.0.1"), VerdictOf("45.1.2.3"), VerdictOf("10.0.0.1"), VerdictOf("45.0.0.2")));
        JsonNode why = (await _client.GetFromJsonAsync<JsonNode>("sources/45.0.0.1", Cancellation))!;
        Assert.Contains("mine", (string?)why["why"], StringComparison.Ordinal);
        Assert.Equal("mine", (string?)why["claims"]![0]!["owner"]);
        Assert.Contains("Blackwall/", _server.Requests.First(), StringComparison.Ordinal);

        JsonNode again = await Refresh("mine");
        Assert.Equal("unchanged", (string?)again["outcome"]);
        _server.Offer("list", "45.0.0.1\n45.0.0.2\n");
        JsonNode dry = await Refresh("mine", "?dryRun=true");
        Assert.Equal(("dry-run", 1, 1), ((string?)dry["outcome"], (int)dry["added"]!, (int)dry["removed"]!));
        Assert.Equal((Verdict.Pass, Verdict.Drop), (VerdictOf("45.0.0.2"), VerdictOf("45.1.2.3")));
        long kept = _appliance.Board.Effective(Prefix.Parse("45.0.0.1"))!.Id;
        JsonNode run = await Refresh("mine");
        Assert.Equal(("updated", 1, 1), ((string?)run["outcome"], (int)run["added"]!, (int)run["removed"]!));
        Assert.Equal((Verdict.Drop, Verdict.Pass), (VerdictOf("45.0.0.2"), VerdictOf("45.1.2.3")));
        Assert.Equal(kept, _appliance.Board.Effective(Prefix.Parse("45.0.0.1"))!.Id);
        JsonArray runs = (await _client.GetFromJsonAsync<JsonNode>("feeds/mine/runs", Cancellation))!["items"]!.AsArray();
        Assert.True(runs.Count == 4, $"{runs}");

        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync(new Uri("feeds/mine", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(Verdict.Pass, VerdictOf("45.0.0.1"));
    }

    [Theory]
    [InlineData(FeedFault.NotFound, "404")]
    [InlineData(FeedFault.ServerError, "500")]
    [InlineData(FeedFault.TooMany, "429")]
    [InlineData(FeedFault.Page, "HTML")]
    [InlineData(FeedFault.Sentence, "No address")]
    [InlineData(FeedFault.CutPacked, "cut")]
    [InlineData(FeedFault.Cut, "")]
    [InlineData(FeedFault.Huge, "longer than 4 MiB")]
    [InlineData(FeedFault.Bomb, "longer than 4 MiB")]
    [InlineData(FeedFault.Trickle, "within 1 s")]
    [InlineData(FeedFault.Circle, "place to place")]
    [InlineData(FeedFault.Noise, "")]
    [InlineData(FeedFault.Silent, "")]
    [InlineData(FeedFault.Empty, "shrank")]
    [InlineData(FeedFault.Everything, "shrank")]
    public async Task Whatever_a_server_does_wrong_the_list_in_force_stays_and_is_used_again_when_the_server_is_well(FeedFault fault, string says)
    {
        (string name, int network) = ($"f{(int)fault}", 100 + (int)fault);
        Uri url = _server.Offer(name, Lines(network, 100));
        await Make(name, url);
        Assert.Equal(100, (int)(await Get(name))["claims"]!);
        _server.Offer(name, Lines(network, 101), fault);
        JsonNode run = await Refresh(name);
        Assert.Equal(fault is FeedFault.Empty or FeedFault.Everything ? "held" : "failed", (string?)run["outcome"]);
        Assert.Contains(says, (string?)run["sentence"], StringComparison.Ordinal);
        Assert.Contains("stays in force", (string?)run["sentence"], StringComparison.Ordinal);
        Assert.Equal((Verdict.Drop, Verdict.Pass), (VerdictOf($"45.{network}.0.99"), VerdictOf($"45.{network}.0.100")));
        if (fault is FeedFault.TooMany)
        {
            HttpResponseMessage refused = await _client.PostAsync(new Uri($"feeds/{name}/refresh", UriKind.Relative), null, Cancellation);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 7000, 7200);
            return;
        }

        _server.Offer(name, Lines(network, 101));
        Assert.Equal("updated", (string?)(await Refresh(name))["outcome"]);
        Assert.Equal(Verdict.Drop, VerdictOf($"45.{network}.0.100"));
        Assert.Equal("current", (string?)(await Get(name))["state"]);
    }

    [Theory]
    [InlineData(FeedFault.Packed)]
    [InlineData(FeedFault.Mark)]
    [InlineData(FeedFault.Windows)]
    public async Task What_is_only_unusual_is_read(FeedFault fault)
    {
        (string name, int network) = ($"u{(int)fault}", 200 + (int)fault);
        await Make(name, _server.Offer(name, Lines(network, 100), fault));
        JsonNode feed = await Get(name);
        Assert.Equal((100, 0), ((int)feed["entries"]!, (int)feed["lastRun"]!["invalid"]!));
        Assert.Equal(Verdict.Drop, VerdictOf($"45.{network}.0.0"));
    }
}
