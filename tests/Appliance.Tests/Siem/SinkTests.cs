using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Events;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Siem;

/// <summary>Sinks against stand-ins that speak the real protocols, with their faults.</summary>
public sealed class SinkTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public SinkTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task Make(object sink) => Assert.Equal(HttpStatusCode.Created, (await _client.PostAsJsonAsync("sinks", sink, Cancellation)).StatusCode);

    private async Task Block(int from, int count)
    {
        foreach (int i in Enumerable.Range(from, count))
        {
            (await _client.PostAsJsonAsync("rules", new { scope = $"203.0.113.{i}", verdict = "drop" }, Cancellation)).EnsureSuccessStatusCode();
        }
    }

    private async Task<JsonNode> Status(string name) => (await _client.GetFromJsonAsync<JsonNode>($"sinks/{name}", Cancellation))!;

    private static string[] Blocked(Receiver receiver) => [.. receiver.Events.Select(one => one["event"]!).Where(one => (string?)one["kind"] is "decision").Select(one => (string)one["source"]!)];

    [Fact]
    public async Task A_collector_gets_every_event_once_in_order_over_faults_and_the_refused_one_is_put_aside()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Fault = request => request is 1 ? (503, "{\"text\":\"Server is busy\",\"code\":9}") : request is 2 ? (403, "{\"text\":\"Invalid token\",\"code\":4}") : null;
        receiver.Refuses = one => (string?)one["event"]!["source"] is "203.0.113.3";
        await Make(new { name = "splunk", kind = "hec", url = receiver.Place, token = "secret-token", acknowledge = true, kinds = new[] { "decision" } });
        await Block(1, 5);
        await Eventually.Is(() => Blocked(receiver).Length == 4);
        Assert.Equal(["203.0.113.1", "203.0.113.2", "203.0.113.4", "203.0.113.5"], Blocked(receiver));
        Assert.Equal("Splunk secret-token", receiver.Requests.First().Headers["Authorization"]);
        Assert.True(Guid.TryParse(receiver.Requests.First().Headers["X-Splunk-Request-Channel"], out _));
        JsonNode? status = null;
        await Eventually.Is(() => (long)(status = Status("splunk").GetAwaiter().GetResult())["sent"]! == 4);
        Assert.Equal((1, 2, "running", true), ((int)status!["refused"]!, (int)status["failures"]!, (string?)status["state"], (bool)status["hasToken"]!));
        Assert.DoesNotContain("secret-token", $"{status}{await _client.GetStringAsync("audit", Cancellation)}{await _client.GetStringAsync("config", Cancellation)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_loses_nothing_and_what_is_posted_is_signed()
    {
        Receiver receiver = await Receiver.StartAsync();
        int port = receiver.Place.Port;
        await Make(new { name = "hook", kind = "webhook", url = receiver.Place, token = "key", kinds = new[] { "decision" } });
        await Block(1, 3);
        await Eventually.Is(() => receiver.Events.Count == 3);
        (string _, var headers, byte[] body) = receiver.Requests.First();
        using (HMACSHA256 hmac = new(Encoding.UTF8.GetBytes("key")))
        {
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{headers["X-Blackwall-Timestamp"]}."), .. body];
            Assert.Equal($"v1={Convert.ToHexStringLower(hmac.ComputeHash(signed))}", headers["X-Blackwall-Signature"]);
        }

        await receiver.DisposeAsync();
        await Block(4, 3);
        await Eventually.Is(() => (string?)Status("hook").GetAwaiter().GetResult()["state"] is "retrying");
        Assert.Contains("hook", await _client.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);
        await using Receiver back = await Receiver.StartAsync(port);
        await Block(7, 1);
        await Eventually.Is(() => back.Events.Count >= 4);
        Assert.Equal(["203.0.113.4", "203.0.113.5", "203.0.113.6", "203.0.113.7"], back.Events.Select(one => (string?)one["source"]!["ip"]).Distinct());
    }

    [Fact]
    public async Task Elastic_has_each_event_once_and_what_it_cannot_map_is_put_aside()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Refuses = one => (string?)one["source"]?["ip"] is "203.0.113.2";
        await Make(new { name = "elastic", kind = "elastic", url = receiver.Place, token = "user:password", kinds = new[] { "decision" }, index = "logs-blackwall" });
        await Block(1, 3);
        await Eventually.Is(() => receiver.Events.Count == 2 && (int)Status("elastic").GetAwaiter().GetResult()["refused"]! == 1);
        Assert.Equal("Basic dXNlcjpwYXNzd29yZA==", receiver.Requests.First().Headers["Authorization"]);
        Assert.Equal("alert", (string?)receiver.Events.First()["event"]!["kind"]);
    }

    [Theory]
    [InlineData("cef", "CEF:0|Blackwall|Appliance|")]
    [InlineData("leef", "LEEF:2.0|Blackwall|Appliance|")]
    public async Task Syslog_over_tcp_is_framed_and_goes_again_when_the_connection_breaks(string format, string begins)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        await Make(new { name = "syslog", kind = "syslog", url = $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", format, kinds = new[] { "decision" } });
        await Block(1, 1);
        using (TcpClient first = await listener.AcceptTcpClientAsync(Cancellation))
        {
            Assert.StartsWith(begins, await SyslogStream.ReadAsync(first.GetStream(), Cancellation), StringComparison.Ordinal);

            // Gone within the time in which what was sent is not settled.
        }

        using TcpClient second = await listener.AcceptTcpClientAsync(Cancellation);
        Assert.Contains("203.0.113.1", await SyslogStream.ReadAsync(second.GetStream(), Cancellation), StringComparison.Ordinal);
        await Block(2, 1);
        Assert.Contains("203.0.113.2", await SyslogStream.ReadAsync(second.GetStream(), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Syslog_over_udp_is_one_datagram_an_event()
    {
        using UdpClient listener = new(new IPEndPoint(IPAddress.Loopback, 0));
        await Make(new { name = "udp", kind = "syslog", url = $"udp://127.0.0.1:{((IPEndPoint)listener.Client.LocalEndPoint!).Port}", kinds = new[] { "decision" } });
        await Block(1, 2);
        Assert.Contains("src=203.0.113.1 ", Encoding.UTF8.GetString((await listener.ReceiveAsync(Cancellation)).Buffer), StringComparison.Ordinal);
        Assert.Contains("src=203.0.113.2 ", Encoding.UTF8.GetString((await listener.ReceiveAsync(Cancellation)).Buffer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_thing_has_one_name_in_the_collector_and_in_taxii()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await Make(new { name = "splunk", kind = "hec", url = receiver.Place, token = "t" });
        await Block(9, 1);
        JsonNode? told = null;
        await Eventually.Is(() => (told = receiver.Events.FirstOrDefault(one => (string?)one["event"]!["kind"] is "decision")) is not null);
        JsonNode? page = null;
        await Eventually.Is(() => (page = JsonNode.Parse(_client.GetStringAsync("/taxii2/api/collections/intelligence/objects/?match[type]=indicator", Cancellation).GetAwaiter().GetResult())!)["objects"] is not null);
        Assert.Equal((string?)page!["objects"]![0]!["id"], (string?)told!["event"]!["indicatorId"]);
    }

    [Fact]
    public async Task A_sink_is_edited_tested_and_taken_away()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await Make(new { name = "splunk", kind = "hec", url = receiver.Place, token = "t", enabled = false });
        Assert.Equal(409, (int)(await _client.PostAsJsonAsync("sinks", new { name = "splunk", kind = "hec", url = receiver.Place, token = "t" }, Cancellation)).StatusCode);
        JsonNode test = await ApplianceFactory.JsonOf(await _client.PostAsync("sinks/splunk/test", null, Cancellation));
        Assert.True((bool)test["delivered"]!);
        Assert.Equal((string?)test["eventId"], (string?)receiver.Events.Single()["event"]!["id"]);
        receiver.Fault = _ => (403, "{\"text\":\"Invalid token\",\"code\":4}");
        test = await ApplianceFactory.JsonOf(await _client.PostAsync("sinks/splunk/test", null, Cancellation));
        Assert.Contains("Invalid token", (string?)test["error"], StringComparison.Ordinal);
        object edit = new { kind = "hec", url = receiver.Place, enabled = true };

        // The stored secret goes to no other server than the one it was given for.
        Assert.Equal(["It was given for another server: give the one for this server, or an empty one."], (await Put(new { kind = "hec", url = "https://other.example:8088" }))["errors"]!["token"]!.AsArray().Select(one => (string?)one));
        Assert.Equal(428, (int)(await _client.PutAsJsonAsync("sinks/splunk", edit, Cancellation)).StatusCode);
        JsonNode changed = await Put(edit);
        Assert.True((bool)changed["hasToken"]! && (bool)changed["enabled"]!);
        Assert.Equal(204, (int)(await _client.DeleteAsync("sinks/splunk", Cancellation)).StatusCode);
        Assert.Equal(404, (int)(await _client.GetAsync("sinks/splunk", Cancellation)).StatusCode);

        async Task<JsonNode> Put(object wanted)
        {
            using HttpRequestMessage put = new(HttpMethod.Put, "sinks/splunk") { Content = JsonContent.Create(wanted) };
            put.Headers.TryAddWithoutValidation("If-Match", (await _client.GetAsync("sinks/splunk", Cancellation)).Headers.ETag!.Tag);
            return await ApplianceFactory.JsonOf(await _client.SendAsync(put, Cancellation));
        }
    }

    [Theory]
    [InlineData(400, "{\"code\":6,\"code\":6}")]
    [InlineData(200, "<html>Please log in</html>")]
    [InlineData(200, "{\"text\":\"Success\"}")]
    [InlineData(200, "[{\"code\":0}]")]
    [InlineData(503, "{\"text\":{\"a\":1},\"code\":\"nine\"}")]
    public async Task Whatever_a_collector_answers_the_sink_goes_on_and_loses_nothing(int status, string body)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Fault = request => request <= 2 ? (status, body) : null;
        await Make(new { name = "splunk", kind = "hec", url = receiver.Place, token = "t", kinds = new[] { "decision" } });
        await Block(1, 2);
        await Eventually.Is(() => Blocked(receiver).Length == 2 || (int)Status("splunk").GetAwaiter().GetResult()["refused"]! == 2);
        Assert.Equal(204, (int)(await _client.DeleteAsync("sinks/splunk", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_huge_answer_is_not_kept_and_its_text_is_cut()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Fault = request => request is 1 ? (503, $"{{\"text\":\"{new string('x', 200_000)}\",\"code\":9}}") : request is 2 ? (503, new string(' ', 6 << 20)) : null;
        await Make(new { name = "splunk", kind = "hec", url = receiver.Place, token = "t", kinds = new[] { "decision" } });
        await Block(1, 1);
        await Eventually.Is(() => Status("splunk").GetAwaiter().GetResult()["lastError"] is { } error && ((string)error!).Length is > 0 and < 600);
        await Eventually.Is(() => Blocked(receiver).Length == 1);
    }

    [Fact]
    public async Task A_sink_gets_what_the_key_that_made_it_may_read_and_nothing_else()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonNode key = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("keys", new { name = "forwarder", scopes = new[] { "sinks:read", "sinks:write", "events:read" } }, Cancellation));
        using HttpClient forwarder = _appliance.Stranger(key: (string)key["secret"]!);
        (await forwarder.PostAsJsonAsync("sinks", new { name = "own", kind = "webhook", url = receiver.Place }, Cancellation)).EnsureSuccessStatusCode();
        await Make(new { name = "all", kind = "hec", url = receiver.Place, token = "t" });
        await Block(1, 1);

        // The administrator's sink has the audit entry; the other one is as far and has none.
        await Eventually.Is(() => receiver.Events.Any(one => (string?)one["event"]?["kind"] is "audit"));
        await Eventually.Is(() => (long)Status("own").GetAwaiter().GetResult()["behind"]! == 0);
        Assert.DoesNotContain(receiver.Requests.Where(request => request.Path is "/"), request => Encoding.UTF8.GetString(request.Body).Contains("createRule", StringComparison.Ordinal));
        Assert.Contains(receiver.Requests.Where(request => request.Path is "/"), request => Encoding.UTF8.GetString(request.Body).Contains("203.0.113.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_sink_refused_is_shown_and_goes_again_once_its_cause_is_mended()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Refuses = one => (string?)one["event"]!["source"] is "203.0.113.2" or "203.0.113.3";
        await Make(new { name = "splunk", kind = "hec", url = receiver.Place, token = "t", kinds = new[] { "decision" } });
        await Block(1, 4);
        await Eventually.Is(() => Blocked(receiver).Length == 2 && (int)Status("splunk").GetAwaiter().GetResult()["refused"]! == 2);
        JsonNode page = (await _client.GetFromJsonAsync<JsonNode>("sinks/splunk/refused?limit=1", Cancellation))!;
        JsonNode first = page["items"]!.AsArray().Single()!;
        Assert.Equal(("decision", "203.0.113.3"), ((string?)first["kind"], (string?)first["event"]!["decision"]!["scope"]));
        Assert.Contains("Invalid data format", (string?)first["why"], StringComparison.Ordinal);
        JsonNode second = (await _client.GetFromJsonAsync<JsonNode>($"sinks/splunk/refused?cursor={(string?)page["nextCursor"]}", Cancellation))!["items"]!.AsArray().Single()!;
        Assert.Equal("203.0.113.2", (string?)second["event"]!["decision"]!["scope"]);

        receiver.Refuses = one => (string?)one["event"]!["source"] is "203.0.113.3";
        JsonNode done = await ApplianceFactory.JsonOf(await _client.PostAsync("sinks/splunk/refused/retry", null, Cancellation));
        Assert.Equal((1, 1), ((int)done["sent"]!, (int)done["refused"]!));
        JsonNode sent = receiver.Events.Single(one => (string?)one["event"]!["source"] is "203.0.113.2");
        Assert.Equal((string?)second["eventId"], (string?)sent["event"]!["id"]);
        Assert.Single((await _client.GetFromJsonAsync<JsonNode>("sinks/splunk/refused", Cancellation))!["items"]!.AsArray());
        (await _client.DeleteAsync("sinks/splunk/refused", Cancellation)).EnsureSuccessStatusCode();
        Assert.Empty((await _client.GetFromJsonAsync<JsonNode>("sinks/splunk/refused", Cancellation))!["items"]!.AsArray());
        Assert.Equal(404, (int)(await _client.GetAsync("sinks/none/refused", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("kind", "{\"name\":\"a\",\"kind\":\"kafka\",\"url\":\"https://a\"}")]
    [InlineData("name", "{\"name\":\"A b\",\"kind\":\"webhook\",\"url\":\"https://a\"}")]
    [InlineData("url", "{\"name\":\"a\",\"kind\":\"hec\",\"url\":\"tcp://a:1\",\"token\":\"t\"}")]
    [InlineData("url", "{\"name\":\"a\",\"kind\":\"hec\",\"url\":\"http://splunk.example\",\"token\":\"t\"}")]
    [InlineData("url", "{\"name\":\"a\",\"kind\":\"syslog\",\"url\":\"tcp://a\"}")]
    [InlineData("url", "{\"name\":\"a\",\"kind\":\"webhook\",\"url\":\"https://user:password@a\"}")]
    [InlineData("token", "{\"name\":\"a\",\"kind\":\"hec\",\"url\":\"https://a\"}")]
    [InlineData("token", "{\"name\":\"a\",\"kind\":\"hec\",\"url\":\"https://a\",\"token\":\"a\\r\\nX: y\"}")]
    [InlineData("format", "{\"name\":\"a\",\"kind\":\"lines\",\"url\":\"tcp://a:1\",\"format\":\"cef\"}")]
    [InlineData("kinds", "{\"name\":\"a\",\"kind\":\"webhook\",\"url\":\"https://a\",\"kinds\":[\"nonsense\"]}")]
    [InlineData("minSeverity", "{\"name\":\"a\",\"kind\":\"webhook\",\"url\":\"https://a\",\"minSeverity\":11}")]
    [InlineData("index", "{\"name\":\"a\",\"kind\":\"elastic\",\"url\":\"https://a\",\"index\":\"a\\\",\\\"_id\\\":\\\"x\"}")]
    [InlineData("caCertificate", "{\"name\":\"a\",\"kind\":\"webhook\",\"url\":\"https://a\",\"caCertificate\":\"x\"}")]
    public async Task What_is_wrong_with_a_sink_is_named(string field, string body)
    {
        using HttpResponseMessage response = await _client.PostAsync("sinks", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(422, (int)response.StatusCode);
        Assert.NotNull((await ApplianceFactory.JsonOf(response))["errors"]![field]);
    }

    [Fact]
    public async Task A_feed_is_read_page_by_page_in_every_format()
    {
        await Block(1, 3);
        foreach (string format in new[] { "cef", "leef", "hec", "ecs", "eve" })
        {
            List<string> lines = [];
            string? cursor = null;
            while (true)
            {
                using HttpResponseMessage page = await _client.GetAsync($"feed/{format}?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}", Cancellation);
                Assert.Equal(200, (int)page.StatusCode);
                string[] some = (await page.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                string next = page.Headers.GetValues("X-Next-Cursor").Single();
                if (string.Equals(next, cursor, StringComparison.Ordinal))
                {
                    break;
                }

                lines.AddRange(some);
                cursor = next;
            }

            Assert.Equal(3, lines.Count(line => line.Contains("203.0.113.", StringComparison.Ordinal) && line.Contains("Source blocked", StringComparison.Ordinal)));
        }

        Assert.Equal(404, (int)(await _client.GetAsync("feed/xml", Cancellation)).StatusCode);
        Assert.Equal(422, (int)(await _client.GetAsync("feed/cef?cursor=other-1", Cancellation)).StatusCode);
        string log = _appliance.Services.GetRequiredService<EventLog>().Id;
        Assert.Equal(422, (int)(await _client.GetAsync($"feed/cef?cursor={log}-99999999", Cancellation)).StatusCode);
    }
}
