using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Feeds;
using Blackwall.Feeds.Fetching;
using Blackwall.Feeds.Wire;
using Blackwall.Lab.Servers;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>Sources that are no feeds: secrets of this machine, paths that no system takes, servers that hold others up.</summary>
public sealed class FeedHostilityTests : IAsyncDisposable
{
    private const string Secret = "hunter2-the-password";
    private readonly FeedServer _server = FeedServer.Start();
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-feeds-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Feed NewFeed(string url, FeedFormat format = FeedFormat.Plain) =>
        new("mine", new FeedSettings(url, format, "", FeedKind.Attackers, FeedAction.Drop, 50, 3600, 300, Enabled: true, [], "Authorization", null), null, 1);

    private async Task<string> Said(string url, FeedFormat format = FeedFormat.Plain)
    {
        using FeedFetcher fetcher = new(Options.Create(new FeedOptions { Folder = _folder }), TimeProvider.System);
        FetchResult got = await fetcher.FetchAsync(NewFeed(url, format), null, Cancellation);
        return $"{got.Failure} {string.Join(' ', got.Reading?.Samples ?? [])}";
    }

    /// <summary>Answers one connection with a text that may be no HTTP.</summary>
    private static async Task<(Uri Place, Task Answering)> Listen(string text)
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri place = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        return (place, await Task.FromResult(AnswerAsync()));

        async Task AnswerAsync()
        {
            using (listener)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
                byte[] asked = new byte[4096];
                _ = await client.GetStream().ReadAsync(asked, Cancellation);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
            }
        }
    }

    [Theory]
    [InlineData("Plain", "45.0.0.1\n" + Secret + "\n")]
    [InlineData("Plain", Secret + "\n")]
    [InlineData("Csv", "ip,x\n45.0.0.1,1\n" + Secret + ",2\n")]
    [InlineData("Json", "[\"45.0.0.1\",\"" + Secret + "\"]")]
    [InlineData("Json", "{\"" + Secret + "\":1}")]
    [InlineData("Dshield", Secret + "\n")]
    [InlineData("Stix", "{\"objects\":[{\"type\":\"indicator\",\"id\":\"indicator--1\",\"pattern_type\":\"stix\",\"pattern\":\"" + Secret + "\"}]}")]
    public async Task What_a_server_or_file_of_this_machine_says_is_not_shown(string format, string text)
    {
        FeedFormat read = Enum.Parse<FeedFormat>(format);
        await File.WriteAllTextAsync(Path.Combine(_folder, "list"), text, Cancellation);
        string[] said = [await Said($"{_server.Offer("secret", text)}", read), await Said($"file://{_folder}/list", read)];
        Assert.All(said, one => Assert.DoesNotContain("hunter2", one, StringComparison.Ordinal));
        FeedReading shown = FeedReader.Read(read, "", Encoding.UTF8.GetBytes(text), 1000, 0);
        Assert.All(said, one => Assert.True(shown.Samples.Count == 0 || one.Contains("row ", StringComparison.Ordinal), one));

        // The control: of a server elsewhere they are.
        Assert.True(shown.Samples.Count == 0 || shown.Samples.Any(one => one.Contains("hunter2", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Secret + "\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Secret + "\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Secret + "\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://" + Secret + ".example/\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/" + Secret + "\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://192.168.0.1/\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_server_of_this_machine_that_is_none_of_feeds_gives_nothing_away_and_leads_nowhere(string answer)
    {
        (Uri place, Task answering) = await Listen(answer);
        string said = await Said($"{place}");
        await answering;
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        Assert.Contains("server of this machine", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_this_machine_may_lead_to_another_one_of_it()
    {
        Uri list = _server.Offer("list", "45.0.0.1\n");
        (Uri place, Task answering) = await Listen($"HTTP/1.1 302 Found\r\nLocation: {list}\r\nContent-Length: 0\r\n\r\n");
        using FeedFetcher fetcher = new(Options.Create(new FeedOptions()), TimeProvider.System);
        Assert.Single((await fetcher.FetchAsync(NewFeed($"{place}"), null, Cancellation)).Reading!.Entries);
        await answering;
    }

    [Fact]
    public async Task A_path_that_no_system_takes_is_refused_and_one_that_is_stored_fails_and_can_be_removed()
    {
        string url = $"file://{_folder}/a%00b";
        Assert.DoesNotContain("hunter2", await Said(url), StringComparison.Ordinal);
        await using ApplianceFactory appliance = new();
        using HttpClient client = appliance.Operator();
        HttpResponseMessage refused = await client.PostAsJsonAsync("feeds", new { name = "mine", url }, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(["url"], (await ApplianceFactory.JsonOf(refused))["errors"]!.AsObject().Select(error => error.Key));

        // One of before this was refused.
        FeedBook book = appliance.Services.GetRequiredService<FeedBook>();
        Assert.Equal(FeedChange.Done, await book.PutAsync("mine", NewFeed(url).Settings, null, fits: null));
        JsonNode feed = await Eventually.Reads(() => client.GetFromJsonAsync<JsonNode>("feeds/mine", Cancellation).GetAwaiter().GetResult()!, one => one["lastRun"] is not null);
        Assert.Equal(("failing", "failed"), ((string?)feed["state"], (string?)feed["lastRun"]!["outcome"]));
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(new Uri("feeds/mine/refresh", UriKind.Relative), null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(new Uri("feeds/mine", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Servers_that_send_slowly_hold_up_nobody()
    {
        await using ApplianceFactory appliance = new("[feeds]\ntimeout_seconds = 600\n");
        using HttpClient client = appliance.Operator();
        for (int i = 0; i < 12; i++)
        {
            string slow = $"slow-{i}";
            (await client.PostAsJsonAsync("feeds", new { name = slow, url = _server.Offer(slow, "", FeedFault.Trickle), action = "drop" }, Cancellation)).EnsureSuccessStatusCode();
            await Eventually.Is(() => _server.Requests.Any(head => head.Contains($"/{slow} ", StringComparison.Ordinal)));
        }

        (await client.PostAsJsonAsync("feeds", new { name = "honest", url = _server.Offer("honest", "45.6.0.1\n"), action = "drop" }, Cancellation)).EnsureSuccessStatusCode();
        await Eventually.Reads(() => appliance.Board.Effective(Prefix.Parse("45.6.0.1")), decision => decision is { Verdict: Verdict.Drop });
        Assert.Null((await client.GetFromJsonAsync<JsonNode>("feeds/slow-0", Cancellation))!["lastRun"]);
    }

    [Fact]
    public async Task Long_feeds_together_take_no_more_memory_than_a_few()
    {
        FetchRoom room = new(() => 100);
        using (FetchRoom.Share one = room.Enter())
        {
            one.Take(60);
            using FetchRoom.Share other = room.Enter();
            await Assert.ThrowsAsync<FetchException>(() => BoundedBody.ReadAsync(new MemoryStream(new byte[50]), 100, other, Cancellation));
        }

        using FetchRoom.Share later = room.Enter();
        Assert.Equal(50, (await BoundedBody.ReadAsync(new MemoryStream(new byte[50]), 100, later, Cancellation)).Length);
    }
}
