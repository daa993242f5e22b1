using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Feeds;
using Blackwall.Feeds.Fetching;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Blackwall.Tests.Api;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>Where feeds come from: servers, collections, files, and the copy that is kept; and what an operator may make.</summary>
public sealed class FeedSourceTests(FeedAppliance shared) : IClassFixture<FeedAppliance>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Feed NewFeed(Uri url, FeedFormat format = FeedFormat.Plain, string? token = null) =>
        new("mine", new FeedSettings($"{url}", format, "", FeedKind.Attackers, FeedAction.Drop, 50, 3600, 300, Enabled: true, [], "Authorization", null), token, 1);

    private static string Indicator(int i) =>
        $$"""{"type":"indicator","id":"indicator--{{i}}","modified":"2020-01-01T00:00:00Z","valid_from":"2020-01-01T00:00:00Z","pattern_type":"stix","pattern":"[ipv4-addr:value = '45.0.0.{{i}}']"}""";

    [Fact]
    public async Task All_pages_of_a_collection_are_read_and_a_server_that_leads_in_a_circle_is_left()
    {
        using FeedFetcher fetcher = new(Options.Create(new FeedOptions()), TimeProvider.System);
        shared.Server.Offer("roots/c1/objects/", $$"""{"more":false,"objects":[{{Indicator(3)}}]}""");
        shared.Server.OfferQuery("roots/c1/objects/", "", $$"""{"more":true,"next":"2&x","objects":[{{Indicator(1)}}]}""");
        shared.Server.OfferQuery("roots/c1/objects/", "next=2%26x", $$"""{"more":true,"next":"3","objects":[{{Indicator(2)}}]}""");
        FetchResult got = await fetcher.FetchAsync(NewFeed(new Uri(shared.Server.Place, "roots/c1/"), FeedFormat.Taxii, "user:secret"), null, Cancellation);
        Assert.Equal("45.0.0.1 45.0.0.2 45.0.0.3", string.Join(' ', got.Reading!.Entries.Select(entry => $"{entry.Scope}")));
        string[] asked = [.. shared.Server.Requests.Where(head => head.Contains("/roots/c1/", StringComparison.Ordinal))];
        Assert.Equal(3, asked.Length);
        Assert.All(asked, head =>
        {
            Assert.Contains("Accept: application/taxii+json;version=2.1", head, StringComparison.Ordinal);
            Assert.Contains("Authorization: Basic dXNlcjpzZWNyZXQ=", head, StringComparison.Ordinal);
        });

        shared.Server.Offer("roots/c2/objects/", $$"""{"more":true,"next":"1","objects":[{{Indicator(1)}}]}""");
        Assert.Contains("circle", (await fetcher.FetchAsync(NewFeed(new Uri(shared.Server.Place, "roots/c2/"), FeedFormat.Taxii), null, Cancellation)).Failure, StringComparison.Ordinal);
        shared.Server.Offer("roots/c3/objects/", $$"""{"more":true,"objects":[{{Indicator(1)}}]}""");
        Assert.Contains("does not say where", (await fetcher.FetchAsync(NewFeed(new Uri(shared.Server.Place, "roots/c3/"), FeedFormat.Taxii), null, Cancellation)).Failure, StringComparison.Ordinal);
        shared.Server.Offer("roots/c4/objects/", "{}");
        Assert.Empty((await fetcher.FetchAsync(NewFeed(new Uri(shared.Server.Place, "roots/c4/"), FeedFormat.Taxii), null, Cancellation)).Reading!.Entries);
    }

    [Fact]
    public async Task Files_are_read_in_their_folder_alone()
    {
        string folder = Directory.CreateTempSubdirectory("blackwall-feeds-").FullName;
        string secret = Path.GetTempFileName();
        try
        {
            using FeedFetcher fetcher = new(Options.Create(new FeedOptions { Folder = folder }), TimeProvider.System);
            await File.WriteAllTextAsync(Path.Combine(folder, "list"), "45.0.0.1\n", Cancellation);
            await File.WriteAllTextAsync(secret, "root:x:0\n", Cancellation);
            File.CreateSymbolicLink(Path.Combine(folder, "link"), secret);
            Assert.Single((await fetcher.FetchAsync(NewFeed(new Uri($"file://{folder}/list")), null, Cancellation)).Reading!.Entries);
            foreach (string path in new[] { secret, $"{folder}/link", $"{folder}/../{Path.GetFileName(secret)}", $"{folder}x/list" })
            {
                FetchResult got = await fetcher.FetchAsync(NewFeed(new Uri($"file://{path}")), null, Cancellation);
                Assert.Contains("feeds.folder", got.Failure, StringComparison.Ordinal);
                Assert.Null(got.Reading);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            File.Delete(secret);
        }
    }

    [Fact]
    public async Task A_copy_is_kept_of_the_last_list_and_a_server_that_is_dead_at_the_start_changes_nothing()
    {
        string folder = Directory.CreateTempSubdirectory("blackwall-copy-").FullName;
        try
        {
            FeedCopy copy = new(Options.Create(new StorageOptions { StateFolder = folder }), Options.Create(new FeedOptions()));
            FeedEntry[] entries = [new(Prefix.Parse("45.0.0.1"), "QakBot"), new(Prefix.Parse("45.1.0.0/16"), null), new(Prefix.Parse("2a00:1450::/32"), "SBL1")];
            Assert.Null(copy.Write("mine", entries, out _));
            Assert.Equal(entries, copy.Read("mine", out string? fault));
            Assert.Null(fault);
            Assert.Empty(copy.Read("other", out fault));
            Assert.NotNull(fault);
            await File.WriteAllTextAsync(Path.Combine(folder, "feeds", "mine.list"), "<broken", Cancellation);
            Assert.Empty(copy.Read("mine", out fault));
            Assert.Equal("its checksum does not fit", fault);
            copy.Remove("mine");
            Assert.False(File.Exists(Path.Combine(folder, "feeds", "mine.list")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("name", "{\"name\":\"UPPER\",\"url\":\"https://feeds.example/\"}")]
    [InlineData("name", "{\"name\":\"../x\",\"url\":\"https://feeds.example/\"}")]
    [InlineData("url", "{\"name\":\"x\"}")]
    [InlineData("url", "{\"name\":\"x\",\"url\":\"http://feeds.example/\"}")]
    [InlineData("url", "{\"name\":\"x\",\"url\":\"gopher://feeds.example/\"}")]
    [InlineData("url", "{\"name\":\"x\",\"url\":\"https://user:secret@feeds.example/\"}")]
    [InlineData("format", "{\"name\":\"x\",\"url\":\"https://feeds.example/\",\"format\":\"xml\"}")]
    [InlineData("action", "{\"name\":\"x\",\"url\":\"https://feeds.example/\",\"action\":\"pass\"}")]
    [InlineData("score", "{\"name\":\"x\",\"url\":\"https://feeds.example/\",\"score\":101}")]
    [InlineData("intervalSeconds", "{\"name\":\"x\",\"url\":\"https://feeds.example/\",\"intervalSeconds\":10}")]
    [InlineData("intervalSeconds", "{\"name\":\"spamhaus-drop\",\"intervalSeconds\":600}")]
    [InlineData("reserved", "{\"name\":\"x\",\"url\":\"https://feeds.example/\",\"reserved\":[\"45.0.0.0/8\"]}")]
    [InlineData("reserved", "{\"name\":\"x\",\"url\":\"https://feeds.example/\",\"reserved\":[\"0.0.0.0/0\"]}")]
    [InlineData("header", "{\"name\":\"x\",\"url\":\"https://feeds.example/\",\"header\":\"Host\"}")]
    [InlineData("token", "{\"name\":\"x\",\"url\":\"https://feeds.example/\",\"token\":\"a\\r\\nb\"}")]
    public async Task A_feed_that_cannot_be_is_refused_and_its_field_named(string field, string body)
    {
        HttpResponseMessage refused = await shared.Client.PostAsync(new Uri("feeds", UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal([field], (await ApplianceFactory.JsonOf(refused))["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task A_feed_is_edited_by_who_has_read_it_and_its_token_goes_to_its_own_server_alone()
    {
        Uri url = shared.Server.Offer("edited", "45.7.0.1\n");
        HttpResponseMessage made = await shared.Client.PostAsJsonAsync("feeds", new { name = "edited", url, action = "drop", token = "s3cret", header = "Auth-Key" }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        string tag = made.Headers.ETag!.Tag;
        await Eventually.Reads(() => shared.Factory.Board.Effective(Prefix.Parse("45.7.0.1")), decision => decision is { Verdict: Verdict.Drop });
        Assert.Contains(shared.Server.Requests, head => head.Contains("/edited", StringComparison.Ordinal) && head.Contains("Auth-Key: s3cret", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, (await shared.Client.PostAsJsonAsync("feeds", new { name = "edited", url }, Cancellation)).StatusCode);
        Assert.Equal((HttpStatusCode)428, (await Put(new { url, action = "rate-limit" }, null)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put(new { url, action = "rate-limit" }, "\"99\"")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Put(new { url = "https://elsewhere.example/list", action = "drop" }, tag)).StatusCode);
        HttpResponseMessage changed = await Put(new { url, action = "rate-limit", header = "Auth-Key" }, tag);
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(Verdict.RateLimit, shared.Factory.Board.Effective(Prefix.Parse("45.7.0.1"))?.Verdict);
        JsonNode body = await ApplianceFactory.JsonOf(changed);
        Assert.Equal((true, "rate-limit"), ((bool)body["hasToken"]!, (string?)body["action"]));
        Assert.DoesNotContain("s3cret", $"{body}{await shared.Client.GetStringAsync("audit", Cancellation)}", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await shared.Client.GetAsync(new Uri("feeds/nobody", UriKind.Relative), Cancellation)).StatusCode);

        HttpResponseMessage off = await Put(new { url, action = "drop", header = "Auth-Key", enabled = false }, changed.Headers.ETag!.Tag);
        Assert.Equal("off", (string?)(await ApplianceFactory.JsonOf(off))["state"]);
        Assert.Null(shared.Factory.Board.Effective(Prefix.Parse("45.7.0.1")));

        async Task<HttpResponseMessage> Put(object feed, string? ifMatch)
        {
            using HttpRequestMessage request = new(HttpMethod.Put, "feeds/edited") { Content = JsonContent.Create(feed) };
            _ = ifMatch is null || request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            return await shared.Client.SendAsync(request, Cancellation);
        }
    }
}
