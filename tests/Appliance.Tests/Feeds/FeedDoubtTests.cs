using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Lab.Servers;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>Every way by which a list begins to block asks the same question: whom does it stop, and who has looked at it?</summary>
public sealed class FeedDoubtTests : ISourceInsight, IAsyncDisposable
{
    private static readonly DateTimeOffset s_seen = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ApplianceFactory _appliance;
    private readonly FeedServer _server = FeedServer.Start();
    private readonly HttpClient _client;

    public FeedDoubtTests()
    {
        _appliance = new ApplianceFactory("[feeds]\nmax_users = 2\ntimeout_seconds = 30\n") { Insight = this };
        _client = _appliance.Operator();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _appliance.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>45.0.0.1 to 45.0.0.9 are users; whom a feed stops detection sees as blocked, and forgets what it used.</summary>
    public SourceStanding? Describe(Address source) =>
        new("new", 0, s_seen, s_seen, IsProven: true, VerdictOf($"{source}") is Verdict.Pass ? 12 : 0, [], []);

    public IReadOnlyList<SourceRow> List(SourceQuery query) =>
    [
        .. Enumerable.Range(1, 9).Select(i => Address.Parse($"45.0.0.{i}")).Where(address => query.Among?.Invoke(address) != false)
            .Select(address => new SourceRow(new SourcePlace(1, address), VerdictOf($"{address}") is Verdict.Pass ? "new" : "blocked", 0, s_seen, s_seen, true, 10)),
    ];

    private static string Users(int count) => string.Concat(Enumerable.Range(1, count).Select(i => $"45.0.0.{i}\n"));

    private static string Others(int count, int network = 46) => string.Concat(Enumerable.Range(0, count).Select(i => $"{network}.0.{i >> 8}.{i & 255}\n"));

    private Verdict VerdictOf(string address) => _appliance.Board.Effective(Prefix.Parse(address))?.Verdict ?? Verdict.Pass;

    private async Task<JsonNode> Get(string name) => (await _client.GetFromJsonAsync<JsonNode>($"feeds/{name}", Cancellation))!;

    private async Task<JsonNode> Make(string name, string text, string action = "drop", string kind = "attackers")
    {
        Uri url = _server.Offer(name, text);
        HttpResponseMessage made = await _client.PostAsJsonAsync("feeds", new { name, url, action, kind }, Cancellation);
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Cancellation));
        return await Eventually.Reads(() => Get(name).GetAwaiter().GetResult(), feed => feed["lastRun"] is not null);
    }

    private async Task<JsonNode> Put(string name, string action = "drop", bool enabled = true, string kind = "attackers")
    {
        HttpResponseMessage read = await _client.GetAsync(new Uri($"feeds/{name}", UriKind.Relative), Cancellation);
        using HttpRequestMessage request = new(HttpMethod.Put, $"feeds/{name}") { Content = JsonContent.Create(new { url = new Uri(_server.Place, name), action, enabled, kind }) };
        request.Headers.TryAddWithoutValidation("If-Match", read.Headers.ETag!.Tag);
        return await ApplianceFactory.JsonOf((await _client.SendAsync(request, Cancellation)).EnsureSuccessStatusCode());
    }

    private Task<HttpResponseMessage> Post(string name, string query = "") => _client.PostAsync(new Uri($"feeds/{name}/refresh{query}", UriKind.Relative), null, Cancellation);

    private async Task<JsonNode> Refresh(string name, string query = "") => await ApplianceFactory.JsonOf((await Post(name, query)).EnsureSuccessStatusCode());

    [Theory]
    [InlineData("tell", true)]
    [InlineData("drop", false)]
    public async Task A_feed_that_is_told_to_block_or_is_enabled_again_is_doubted_like_a_new_one(string action, bool enabled)
    {
        await Make("mine", Users(5), action: "tell");
        await Put("mine", action, enabled);
        JsonNode feed = await Put("mine");
        Assert.Equal("held", (string?)feed["state"]);
        Assert.Contains("would stop 5 sources", (string?)feed["held"], StringComparison.Ordinal);
        Assert.Equal((Verdict.Pass, 0), (VerdictOf("45.0.0.1"), (int)feed["claims"]!));

        // Another change, and a refresh, do not end it; nor does the server's word that nothing has changed.
        Assert.Equal("held", (string?)(await Put("mine", "rate-limit"))["state"]);
        Assert.Equal("held", (string?)(await Refresh("mine"))["outcome"]);
        Assert.Equal(Verdict.Pass, VerdictOf("45.0.0.1"));

        Assert.Equal("updated", (string?)(await Refresh("mine", "?accept=true"))["outcome"]);
        Assert.Equal(Verdict.RateLimit, VerdictOf("45.0.0.5"));

        // Who agreed to a limit did not agree to a block; meanwhile the limit stays.
        Assert.Equal(("held", Verdict.RateLimit), ((string?)(await Put("mine"))["state"], VerdictOf("45.0.0.5")));
    }

    [Fact]
    public async Task A_feed_of_few_users_is_told_to_block_and_does()
    {
        await Make("mine", Users(2) + Others(5), action: "tell");
        Assert.Equal(("current", Verdict.Drop, Verdict.Drop), ((string?)(await Put("mine"))["state"], VerdictOf("45.0.0.2"), VerdictOf("46.0.0.4")));
    }

    [Fact]
    public async Task What_an_allow_list_took_out_is_doubted_when_the_allow_list_ends()
    {
        await Make("harmless", "45.0.0.0/24\n", kind: "allow");
        Assert.Equal("current", (string?)(await Make("mine", Users(5) + Others(3)))["state"]);
        Assert.Equal((Verdict.Pass, Verdict.Drop), (VerdictOf("45.0.0.1"), VerdictOf("46.0.0.1")));

        // A change of the allow list that takes nothing from it is no doubt.
        await Put("harmless", kind: "allow");
        Assert.Equal("current", (string?)(await Get("mine"))["state"]);
        await _client.DeleteAsync(new Uri("feeds/harmless", UriKind.Relative), Cancellation);
        await Eventually.Reads(() => Get("mine").GetAwaiter().GetResult(), feed => (string?)feed["state"] is "held");
        Assert.Equal((Verdict.Pass, Verdict.Drop), (VerdictOf("45.0.0.1"), VerdictOf("46.0.0.1")));
        Assert.Equal("updated", (string?)(await Refresh("mine", "?accept=true"))["outcome"]);
        Assert.Equal(Verdict.Drop, VerdictOf("45.0.0.1"));
    }

    [Fact]
    public async Task Users_who_are_stopped_go_on_counting_for_all_feeds_together_and_consent_is_for_those_who_were_shown()
    {
        await Make("mine", Users(1));
        _server.Offer("mine", Users(2));
        Assert.Equal("updated", (string?)(await Refresh("mine"))["outcome"]);
        _server.Offer("mine", Users(3));
        JsonNode held = await Refresh("mine");
        Assert.Equal("held", (string?)held["outcome"]);
        Assert.Contains("would stop 3 sources", (string?)held["sentence"], StringComparison.Ordinal);
        Assert.Equal((Verdict.Drop, Verdict.Pass), (VerdictOf("45.0.0.2"), VerdictOf("45.0.0.3")));

        // Another feed has the same budget, and one that stops no user needs none.
        Assert.Equal("held", (string?)(await Make("other", "45.0.0.9\n"))["state"]);
        Assert.Equal("current", (string?)(await Make("third", Others(3)))["state"]);

        Assert.Equal("updated", (string?)(await Refresh("mine", "?accept=true"))["outcome"]);
        _server.Offer("mine", Users(5));
        Assert.Equal("updated", (string?)(await Refresh("mine"))["outcome"]);
        _server.Offer("mine", Users(6));
        Assert.Equal("held", (string?)(await Refresh("mine"))["outcome"]);
        Assert.Equal((Verdict.Drop, Verdict.Pass), (VerdictOf("45.0.0.5"), VerdictOf("45.0.0.6")));
    }

    [Theory]
    [InlineData("46.0.0.0/8\n47.0.0.0/16\n", true)]
    [InlineData("46.0.0.0/8\n46.1.0.0/16\n", false)]
    [InlineData("2a00::/19\n2a40::/32\n", true)]
    [InlineData("2a00::/19\n", false)]
    public async Task A_list_over_a_large_part_of_the_internet_waits(string text, bool isHeld)
    {
        JsonNode feed = await Make("mine", text);
        Assert.Equal(isHeld ? "held" : "current", (string?)feed["state"]);
        Assert.Equal(isHeld, ((string?)feed["held"])?.Contains("feeds.allow_wide", StringComparison.Ordinal) ?? false);
        Assert.Equal(isHeld, (int)feed["claims"]! == 0);
        if (isHeld)
        {
            Assert.Equal("updated", (string?)(await Refresh("mine", "?accept=true"))["outcome"]);
            Assert.Equal("updated", (string?)(await Refresh("mine"))["outcome"]);
            _server.Offer("mine", $"{text}48.0.0.0/8\n2a60::/24\n");
            Assert.Equal("held", (string?)(await Refresh("mine"))["outcome"]);
        }
    }

    [Theory]
    [InlineData(20, 201, "held")]
    [InlineData(20, 200, "updated")]
    [InlineData(19, 1000, "updated")]
    [InlineData(100, 9, "held")]
    public async Task A_list_that_grows_or_shrinks_more_than_tenfold_waits(int before, int after, string outcome)
    {
        await Make("mine", Others(before));
        _server.Offer("mine", Others(after));
        Assert.Equal(outcome, (string?)(await Refresh("mine"))["outcome"]);
        Assert.Equal(outcome is "held" ? before : after, (int)(await Get("mine"))["claims"]!);
    }

    [Fact]
    public async Task Consent_is_for_the_list_that_was_looked_at()
    {
        JsonNode first = await Make("mine", Users(5));
        string shown = (string)(await _client.GetFromJsonAsync<JsonNode>("feeds/mine/impact", Cancellation))!["heldDigest"]!;
        Assert.Equal((shown, shown), ((string?)first["heldDigest"], (string?)first["lastRun"]!["digest"]));
        _server.Offer("mine", Users(9));
        string other = (string)(await Refresh("mine"))["digest"]!;
        Assert.NotEqual(shown, other);
        Assert.Equal(HttpStatusCode.Conflict, (await Post("mine", $"?accept=true&digest={shown}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Post("mine", "?accept=true")).StatusCode);
        Assert.Equal(Verdict.Pass, VerdictOf("45.0.0.1"));
        Assert.Equal("updated", (string?)(await Refresh("mine", $"?accept=true&digest={other}"))["outcome"]);
        Assert.Equal(Verdict.Drop, VerdictOf("45.0.0.9"));
        HttpResponseMessage nothing = await Post("mine", "?accept=true");
        Assert.Equal(HttpStatusCode.Conflict, nothing.StatusCode);
        Assert.Contains("nothing to accept", await nothing.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Post("mine", $"?digest={other}")).StatusCode);
    }

    [Fact]
    public async Task An_operator_who_accepts_waits_for_no_server()
    {
        await Make("mine", Users(5));
        _server.Offer("mine", Users(5), FeedFault.Trickle);
        int before = _server.Requests.Count(head => head.Contains("/mine", StringComparison.Ordinal));
        Task<HttpResponseMessage> slow = Post("mine");
        await Eventually.Is(() => _server.Requests.Count(head => head.Contains("/mine", StringComparison.Ordinal)) > before);
        Assert.Equal("updated", (string?)(await Refresh("mine", "?accept=true"))["outcome"]);
        Assert.Equal((Verdict.Drop, false), (VerdictOf("45.0.0.1"), slow.IsCompleted));
        await _client.DeleteAsync(new Uri("feeds/mine", UriKind.Relative), Cancellation);
        await _server.DisposeAsync();
        await slow;
        Assert.Equal(Verdict.Pass, VerdictOf("45.0.0.1"));
    }
}
