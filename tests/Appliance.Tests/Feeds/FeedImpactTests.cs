using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Feeds;
using Blackwall.Lab.Servers;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>Lists against the sources that this appliance knows, and lists that wait for the operator.</summary>
public sealed class FeedImpactTests : ISourceInsight, IAsyncDisposable
{
    private static readonly DateTimeOffset s_seen = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ApplianceFactory _appliance;
    private readonly FeedServer _server = FeedServer.Start();
    private readonly HttpClient _client;

    public FeedImpactTests()
    {
        _appliance = new ApplianceFactory("[feeds]\nmax_users = 2\n") { Insight = this };
        _client = _appliance.Operator();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _appliance.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>45.0.0.1 to 45.0.0.9 are users, 45.0.1.x attack, 45.0.2.x were seen once.</summary>
    public SourceStanding? Describe(Address source) => new("new", 0, s_seen, s_seen, IsProven: true, $"{source}".StartsWith("45.0.0.", StringComparison.Ordinal) ? 12 : 0, [], []);

    public IReadOnlyList<SourceRow> List(SourceQuery query) =>
    [
        .. Enumerable.Range(1, 9).SelectMany(i => new[] { (0, i, "new"), (1, i, "malicious"), (2, i, "new") })
            .Select(one => new SourceRow(new SourcePlace(1, Address.Parse($"45.0.{one.Item1}.{one.Item2}")), one.Item3, 0, s_seen, s_seen, true, 10))
            .Where(row => query.Among?.Invoke(row.Place.Address) != false),
    ];

    private async Task<JsonNode> Make(string name, string text, string action = "drop", string kind = "attackers")
    {
        Uri url = _server.Offer(name, text);
        HttpResponseMessage made = await _client.PostAsJsonAsync("feeds", new { name, url, action, kind }, Cancellation);
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Cancellation));
        return await Eventually.Reads(() => _client.GetFromJsonAsync<JsonNode>($"feeds/{name}", Cancellation).GetAwaiter().GetResult()!, feed => feed["lastRun"] is not null);
    }

    private async Task<JsonNode> Refresh(string name, string query = "") =>
        await ApplianceFactory.JsonOf((await _client.PostAsync(new Uri($"feeds/{name}/refresh{query}", UriKind.Relative), null, Cancellation)).EnsureSuccessStatusCode());

    private Verdict VerdictOf(string address) => _appliance.Board.Effective(Prefix.Parse(address))?.Verdict ?? Verdict.Pass;

    [Fact]
    public async Task A_feed_that_would_stop_too_many_users_waits_is_told_and_comes_into_force_when_the_operator_says_so()
    {
        await Make("other", "45.0.0.1\n45.0.1.1\n", action: "tell");
        JsonNode feed = await Make("mine", "45.0.0.0/24\n45.0.1.0/24\n");
        Assert.Equal("held", (string?)feed["state"]);
        Assert.Contains("would stop 9 sources that use services here", (string?)feed["held"], StringComparison.Ordinal);
        Assert.Equal((Verdict.Pass, Verdict.Pass), (VerdictOf("45.0.0.1"), VerdictOf("45.0.1.1")));
        Assert.Contains("blackwall feeds accept mine", await _client.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);
        Assert.Contains("\"held\"", await _client.GetStringAsync("events/history?kind=feed", Cancellation), StringComparison.Ordinal);
        JsonNode impact = (await _client.GetFromJsonAsync<JsonNode>("feeds/mine/impact", Cancellation))!;
        Assert.Equal((true, true, 18, 9), ((bool)impact["isHeld"]!, (bool)impact["isKnown"]!, (int)impact["impact"]!["sources"]!, (int)impact["impact"]!["users"]!));
        Assert.Equal(2, (int)impact["impact"]!["agreeing"]!["other"]!);
        JsonNode first = impact["impact"]!["samples"]![0]!;
        Assert.Equal(("45.0.0.0/24", true, 12), ((string?)first["entry"], (bool)first["isUser"]!, (int)first["uses"]!));

        Assert.Equal("updated", (string?)(await Refresh("mine", "?accept=true"))["outcome"]);
        Assert.Equal((Verdict.Drop, Verdict.Drop), (VerdictOf("45.0.0.1"), VerdictOf("45.0.1.1")));
        Assert.DoesNotContain("feeds accept", await _client.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);

        // So many he agreed to: the next list of the same kind does not ask again.
        _server.Offer("mine", "45.0.0.0/24\n45.0.1.0/24\n46.0.0.1\n");
        Assert.Equal("updated", (string?)(await Refresh("mine"))["outcome"]);
    }

    [Fact]
    public async Task Attackers_and_strangers_are_stopped_without_a_question_and_a_dry_run_says_whom()
    {
        JsonNode feed = await Make("mine", "45.0.1.0/24\n45.0.2.0/24\n45.0.0.1\n");
        Assert.Equal(("current", Verdict.Drop, Verdict.Drop), ((string?)feed["state"], VerdictOf("45.0.1.1"), VerdictOf("45.0.0.1")));
        _server.Offer("mine", "45.0.0.0/24\n192.0.2.10\n");
        JsonNode dry = await Refresh("mine", "?dryRun=true");
        Assert.Equal(("dry-run", 9, 9), ((string?)dry["outcome"], (int)dry["impact"]!["sources"]!, (int)dry["impact"]!["users"]!));
        Assert.Equal((1, 3), ((int)dry["added"]!, (int)dry["removed"]!));
        Assert.Equal(Verdict.Pass, VerdictOf("45.0.0.2"));
        Assert.Equal("current", (string?)(await _client.GetFromJsonAsync<JsonNode>("feeds/mine", Cancellation))!["state"]);
    }

    [Fact]
    public async Task A_feed_that_only_tells_blocks_nobody_and_asks_nobody_and_is_told_of_with_a_source()
    {
        JsonNode feed = await Make("mine", "45.0.0.0/24 # botnet\n", action: "tell");
        Assert.Equal(("current", 1, 0), ((string?)feed["state"], (int)feed["entries"]!, (int)feed["claims"]!));
        Assert.Equal(Verdict.Pass, VerdictOf("45.0.0.1"));
        JsonNode source = (await _client.GetFromJsonAsync<JsonNode>("sources/45.0.0.1", Cancellation))!;
        Assert.Equal(("mine", "45.0.0.0/24", "botnet"), ((string?)source["feeds"]![0]!["feed"], (string?)source["feeds"]![0]!["scope"], (string?)source["feeds"]![0]!["note"]));
        Assert.Empty((await _client.GetFromJsonAsync<JsonNode>("sources/45.9.0.1", Cancellation))!["feeds"]!.AsArray());
    }

    [Fact]
    public async Task A_listed_source_that_is_seen_is_told_of_once_an_hour_and_by_feeds_that_only_tell()
    {
        await Make("telling", "45.0.0.3 # botnet\n45.0.1.0/24\n", action: "tell");
        await Make("blocking", "45.0.2.4\n45.0.1.1\n");
        await Make("harmless", "45.0.0.9\n", action: "tell", kind: "allow");
        FeedSightings sightings = _appliance.Services.GetRequiredService<FeedSightings>();
        sightings.Look(s_seen);
        JsonNode[] told = await Told();
        Assert.Equal(["45.0.0.3", .. Enumerable.Range(1, 9).Select(i => $"45.0.1.{i}")], told.Select(data => (string)data["source"]!).Order(StringComparer.Ordinal));
        JsonNode one = told.Single(data => (string?)data["source"] is "45.0.0.3");
        Assert.Equal(("45.0.0.3", "botnet", "new", 10), ((string?)one["entry"], (string?)one["note"], (string?)one["phase"], (int)one["packets"]!));
        Assert.Equal(["blocking", "telling"], told.Single(data => (string?)data["source"] is "45.0.1.1")["feeds"]!.AsArray().Select(feed => (string)feed!));

        // Seen again within the hour, and after it; not seen since.
        sightings.Look(s_seen + TimeSpan.FromSeconds(30));
        Assert.Equal(10, (await Told()).Length);
        sightings.Look(s_seen + TimeSpan.FromMinutes(61));
        Assert.Equal(20, (await Told()).Length);
        sightings.Look(s_seen + TimeSpan.FromMinutes(130));
        Assert.Equal(20, (await Told()).Length);
        Assert.Equal(20, sightings.Read()["matches"]);

        async Task<JsonNode[]> Told() => [.. (await _client.GetFromJsonAsync<JsonNode>("events/history?kind=feed-match&limit=100", Cancellation))!["items"]!.AsArray().Select(happened => happened!["data"]!)];
    }
}
