using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Capture;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Tests.Capture;
using Blackwall.Tests.Replay;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class CaptureApiTests : IDisposable
{
    private readonly ApplianceFactory _factory = new();
    private readonly TapStub _tap = new();
    private readonly WebApplicationFactory<Program> _appliance;
    private readonly HttpClient _client;

    public CaptureApiTests()
    {
        _appliance = _factory.WithWebHostBuilder(builder => builder.ConfigureTestServices(services => services.AddSingleton<IPacketTap>(_tap)));
        _client = Client(() => _factory.Key);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
        _factory.Dispose();
    }

    private HttpClient Client(Func<string> key)
    {
        HttpClient client = _appliance.CreateClient();
        client.BaseAddress = new Uri(client.BaseAddress!, "/api/v1/");
        client.DefaultRequestHeaders.Authorization = new("Bearer", key());
        return client;
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> Ask(object body)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync("captures", body, Cancellation);
        return (response.StatusCode, await ApplianceFactory.JsonOf(response));
    }

    private void Send(string source)
    {
        byte[] frame = CaptureFixture.Frame(source, "10.0.0.5", 53, 40);
        _tap.Taker!.OnPacket(new TappedPacket(1_893_456_000_000_000_000, frame.Length, Outgoing: false, DroppedBy: 0), frame);
        _tap.Taker.Rest();
    }

    [Fact]
    public async Task One_capture_tells_what_was_seen_of_its_source_with_the_facts()
    {
        (_, JsonNode asked) = await Ask(new { address = "203.0.113.9", seconds = 60 });
        EvidenceFacts facts = new(new Finding("logins-tried", f => $"tried {f.Logins} logins")) { Logins = 9, Port = 22 };
        foreach (IEvidenceSink sink in _appliance.Services.GetServices<IEvidenceSink>())
        {
            sink.Record(Evidence.Create(Address.Parse("203.0.113.9"), "brute-force", EvidenceClass.Handshake, 0.9, TimeProvider.System.GetUtcNow(), facts) with { Id = 7 });
        }

        JsonNode shown = (await _client.GetFromJsonAsync<JsonNode>($"captures/{asked["id"]}", Cancellation))!;
        JsonNode piece = Assert.Single(shown["evidence"]!.AsArray())!;
        Assert.Equal(("tried 9 logins", "logins-tried", 9, 22), ((string?)piece["detail"], (string?)piece["facts"]!["finding"], (int)piece["facts"]!["logins"]!, (int)piece["facts"]!["port"]!));
        Assert.Null((await _client.GetFromJsonAsync<JsonNode>("captures", Cancellation))!["items"]![0]!["evidence"]);
    }

    [Fact]
    public async Task A_capture_is_asked_for_fills_is_downloaded_and_deleted()
    {
        (HttpStatusCode status, JsonNode capture) = await Ask(new { address = "203.0.113.7", seconds = 30 });
        Assert.Equal((HttpStatusCode.Created, "operator", "admin"), (status, (string?)capture["cause"], (string?)capture["actor"]));
        Send("203.0.113.7");
        Send("203.0.113.8");
        Assert.Equal(1, (long)(await _client.GetFromJsonAsync<JsonNode>($"captures/{capture["id"]}", Cancellation))!["packets"]!);

        using HttpResponseMessage file = await _client.GetAsync($"captures/{capture["id"]}/file", Cancellation);
        Assert.Equal("application/vnd.tcpdump.pcap", file.Content.Headers.ContentType!.MediaType);
        Assert.Single(ReadCapture.Of(await file.Content.ReadAsByteArrayAsync(Cancellation)).Packets);

        // The same source again is the same capture for longer.
        (HttpStatusCode again, JsonNode longer) = await Ask(new { address = "203.0.113.7", seconds = 300 });
        Assert.Equal((HttpStatusCode.OK, (long)capture["id"]!), (again, (long)longer["id"]!));
        Assert.True((DateTimeOffset)longer["until"]! > (DateTimeOffset)capture["until"]!);

        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync($"captures/{capture["id"]}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync($"captures/{capture["id"]}/file", Cancellation)).StatusCode);
        Assert.Empty(_tap.Watched);
    }

    [Fact]
    public async Task A_local_decision_has_a_capture_and_one_that_has_none_is_not_found()
    {
        CaptureBook book = _appliance.Services.GetRequiredService<CaptureBook>();
        Decision decision = new(4711, Prefix.Parse("203.0.113.9"), Verdict.Drop, Origin.Local, "port-scan", 1, DateTimeOffset.UnixEpoch, null, [], null, "appliance");
        book.Flag(decision, "drop");
        Send("203.0.113.9");
        Assert.Single(ReadCapture.Of(await _client.GetByteArrayAsync("decisions/4711/capture", Cancellation)).Packets);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("decisions/4712/capture", Cancellation)).StatusCode);
        JsonNode listed = (await _client.GetFromJsonAsync<JsonNode>("captures?decision=4711", Cancellation))!;
        Assert.Equal("decision", (string?)Assert.Single(listed["items"]!.AsArray())!["cause"]);
    }

    [Fact]
    public async Task Captures_are_listed_page_by_page_newest_first()
    {
        for (int i = 1; i <= 5; i++)
        {
            await Ask(new { address = $"203.0.113.{i}" });
        }

        List<string> seen = [];
        string cursor = "";
        do
        {
            JsonNode page = (await _client.GetFromJsonAsync<JsonNode>($"captures?limit=2&cursor={cursor}", Cancellation))!;
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["address"]!));
            cursor = (string?)page["nextCursor"] ?? "";
        }
        while (cursor.Length > 0);
        Assert.Equal(["203.0.113.5", "203.0.113.4", "203.0.113.3", "203.0.113.2", "203.0.113.1"], seen);
        Assert.Single((await _client.GetFromJsonAsync<JsonNode>("captures?address=203.0.113.2", Cancellation))!["items"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"address":"../../etc/passwd"}""", "address")]
    [InlineData("""{"address":""}""", "address")]
    [InlineData("""{"address":"203.0.113.7","seconds":0}""", "seconds")]
    [InlineData("""{"address":"203.0.113.7","seconds":3601}""", "seconds")]
    public async Task What_makes_no_sense_is_refused_by_the_name_of_its_field(string body, string field)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.PostAsync("captures", content, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.NotNull((await ApplianceFactory.JsonOf(response))["errors"]![field]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("192.0.2.10")]
    [InlineData("192.0.2.0/24")]
    public async Task The_management_plane_is_refused_with_a_sentence(string address)
    {
        (HttpStatusCode status, JsonNode problem) = await Ask(new { address });
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("never captured", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Empty(_tap.Watched);
    }

    [Fact]
    public async Task Who_only_looks_on_does_not_read_what_people_sent()
    {
        JsonNode capture = (await Ask(new { address = "203.0.113.7" })).Body;
        JsonNode key = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("keys", new { name = "looks", role = "viewer" }, Cancellation));
        using HttpClient viewer = Client(() => (string)key["secret"]!);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync($"captures/{capture["id"]}/file", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync("captures", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.DeleteAsync($"captures/{capture["id"]}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Without_a_wall_nothing_is_captured_and_the_answer_says_so()
    {
        using ApplianceFactory off = new();
        using HttpClient client = off.Operator();
        using HttpResponseMessage response = await client.PostAsJsonAsync("captures", new { address = "203.0.113.7" }, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("network.mode is off", (string)(await ApplianceFactory.JsonOf(response))["detail"]!, StringComparison.Ordinal);
    }
}
