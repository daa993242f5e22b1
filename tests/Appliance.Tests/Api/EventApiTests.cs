using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class EventApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new("[api]\nmax_streams = 2\n");
    private readonly HttpClient _client;

    public EventApiTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task<StreamReader> Open(string? lastId = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "events");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        StreamReader reader = new(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal(": connected", await reader.ReadLineAsync(Cancellation));
        await reader.ReadLineAsync(Cancellation);
        return reader;
    }

    private static async Task<(string? Id, string Kind, JsonNode Data)> Next(StreamReader reader)
    {
        string? id = null;
        string kind = "";
        JsonNode? data = null;
        while (await reader.ReadLineAsync(Cancellation) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            switch (line[..colon])
            {
                case "id":
                    id = line[(colon + 2)..];
                    break;
                case "event":
                    kind = line[(colon + 2)..];
                    break;
                case "data":
                    data = JsonNode.Parse(line[(colon + 2)..]);
                    break;
            }
        }

        // A comment keeps the line open while the machine is busy; it is no event. What the appliance tells of itself comes when it comes.
        return data is null || kind is "audit" or "health" or "guard" ? await Next(reader) : (id, kind, data);
    }

    /// <summary>Reads until the stream speaks of something; false: it ended before.</summary>
    private static async Task<bool> Tells(StreamReader reader, string of)
    {
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.Contains(of, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private Decision Publish(string scope)
    {
        Address source = Address.Parse(scope);
        Evidence evidence = new(0, source, "port-scan", EvidenceClass.Handshake, 0.8, DateTimeOffset.UnixEpoch, "12 ports");
        return _appliance.Board.Publish(new DecisionRequest(Prefix.Host(source), Verdict.Drop, Origin.Local, "port-scan", 0.8, null, [evidence], null, "appliance")).Decision!;
    }

    [Fact]
    public async Task Evidence_decisions_and_their_end_are_told_as_they_happen()
    {
        using StreamReader stream = await Open();
        Decision decision = Publish("203.0.113.9");
        await _client.DeleteAsync($"decisions/{decision.Id}", Cancellation);
        (_, string first, JsonNode evidence) = await Next(stream);
        Assert.Equal(("evidence", "port-scan", "203.0.113.9"), (first, (string?)evidence["kind"], (string?)evidence["source"]));
        (_, string second, JsonNode created) = await Next(stream);
        Assert.Equal(("decision", "created", decision.Id), (second, (string?)created["change"], (long)created["decision"]!["id"]!));
        (_, string third, JsonNode lifted) = await Next(stream);
        Assert.Equal(("lifted", "lifted", "admin"), (third, (string?)lifted["change"], (string?)lifted["by"]));
    }

    [Fact]
    public async Task A_client_that_returns_gets_what_it_missed()
    {
        StreamReader first = await Open();
        Publish("203.0.113.1");
        (string? id, _, _) = await Next(first);
        first.Dispose();
        Publish("203.0.113.2");
        using StreamReader again = await Open(id);
        Assert.Equal("203.0.113.1", (string?)(await Next(again)).Data["decision"]!["scope"]);
        Assert.Equal("evidence", (await Next(again)).Kind);
        Assert.Equal("203.0.113.2", (string?)(await Next(again)).Data["decision"]!["scope"]);
    }

    [Theory]
    [InlineData("1-1")]
    [InlineData("nonsense")]
    [InlineData("-")]
    public async Task An_id_of_another_run_is_answered_with_a_gap(string id)
    {
        Publish("203.0.113.1");
        using StreamReader stream = await Open(id);
        Assert.Equal("gap", (await Next(stream)).Kind);
        Publish("203.0.113.2");
        Assert.Equal("203.0.113.2", (string?)(await Next(stream)).Data["source"]);
    }

    [Fact]
    public async Task A_client_that_returns_after_a_restart_of_the_appliance_gets_what_it_missed()
    {
        string id;
        using (StreamReader first = await Open())
        {
            Publish("203.0.113.1");
            (string? known, _, _) = await Next(first);
            id = known!;
        }

        Publish("203.0.113.2");
        await _appliance.Services.GetRequiredService<IHost>().StopAsync(Cancellation);
        using ApplianceFactory next = new();
        foreach (string file in Directory.GetFiles(_appliance.Folder).Where(file => Path.GetFileName(file) is "admin.key" || Path.GetFileName(file).StartsWith("blackwall.db", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(next.Folder, Path.GetFileName(file)));
        }

        using HttpClient client = next.Operator();
        using HttpRequestMessage request = new(HttpMethod.Get, "events");
        request.Headers.Add("Last-Event-ID", id);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using StreamReader stream = new(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal(": connected", await stream.ReadLineAsync(Cancellation));
        await stream.ReadLineAsync(Cancellation);
        Assert.Equal("203.0.113.1", (string?)(await Next(stream)).Data["decision"]!["scope"]);
        Assert.Equal("203.0.113.2", (string?)(await Next(stream)).Data["source"]);
        Assert.Equal("203.0.113.2", (string?)(await Next(stream)).Data["decision"]!["scope"]);
    }

    [Fact]
    public async Task Who_changed_what_is_told_to_those_who_may_read_the_audit_log()
    {
        (string Name, string[] Scopes)[] keys = [("looker", ["events:read"]), ("auditor", ["events:read", "audit:read"])];
        List<HttpClient> clients = [];
        foreach ((string name, string[] scopes) in keys)
        {
            HttpResponseMessage made = await _client.PostAsJsonAsync("keys", new { name, scopes }, Cancellation);
            clients.Add(_appliance.Stranger(key: (string)(await ApplianceFactory.JsonOf(made))["secret"]!));
        }

        await _client.PostAsJsonAsync("rules", new { scope = "198.51.100.9", verdict = "drop" }, Cancellation);
        string[] Kinds(JsonNode list) => [.. list["items"]!.AsArray().Select(item => (string)item!["kind"]!)];
        Assert.DoesNotContain("audit", Kinds((await clients[0].GetFromJsonAsync<JsonNode>("events/history", Cancellation))!));
        JsonNode told = (await clients[1].GetFromJsonAsync<JsonNode>("events/history?kind=audit", Cancellation))!;
        JsonNode newest = told["items"]![0]!;
        Assert.Equal(("createRule", 201, 1), ((string?)newest["data"]!["action"], (int)newest["data"]!["status"]!, (int)newest["version"]!));
        Assert.Contains("decision", Kinds((await clients[0].GetFromJsonAsync<JsonNode>("events/history", Cancellation))!));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_change_of_the_wall_is_told()
    {
        using StreamReader stream = await Open();
        _appliance.Wall.Status = _appliance.Wall.Status with { Generation = 77 };
        (_, string kind, JsonNode status) = await Next(stream);
        Assert.Equal(("status", 77), (kind, (int)status["generation"]!));
    }

    [Fact]
    public async Task Only_so_many_streams_are_open_at_once()
    {
        using StreamReader one = await Open();
        using StreamReader two = await Open();
        HttpResponseMessage third = await _client.GetAsync("events", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Equal(1, _appliance.Services.GetRequiredService<EventStreamSlots>().Counts.TurnedAway);
    }

    [Fact]
    public async Task A_key_that_has_every_stream_gives_one_to_a_key_that_has_none()
    {
        using StreamReader one = await Open();
        using StreamReader two = await Open();
        HttpResponseMessage made = await _client.PostAsJsonAsync("keys", new { name = "siem", role = "siem" }, Cancellation);
        using HttpClient other = _appliance.Stranger(key: (string)(await ApplianceFactory.JsonOf(made))["secret"]!);
        using HttpResponseMessage opened = await other.GetAsync("events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        using StreamReader theirs = new(await opened.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal(": connected", await theirs.ReadLineAsync(Cancellation));

        // One of the two ended and the other goes on.
        Task<bool>[] streams = [Tells(one, "203.0.113.9"), Tells(two, "203.0.113.9")];
        Task<bool> ended = await Task.WhenAny(streams);
        Assert.False(await ended);
        Publish("203.0.113.9");
        Assert.True(await streams.Single(stream => stream != ended));
        Assert.NotNull(await theirs.ReadLineAsync(Cancellation));
    }

    [Fact]
    public void One_key_may_have_a_quarter_of_many_streams()
    {
        EventStreamSlots seats = new(Microsoft.Extensions.Options.Options.Create(new Blackwall.Api.ApiOptions { MaxStreams = 12 }));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.NotNull(seats.TryOpen(key: 1)));
        Assert.Null(seats.TryOpen(key: 1));
        Assert.NotNull(seats.TryOpen(key: 2));
    }
}
