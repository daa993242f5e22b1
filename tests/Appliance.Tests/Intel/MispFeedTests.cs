using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Intel;

/// <summary>
/// A consumer of MISP feeds, as MISP's own is: it reads the manifest, fetches events that are newer than its own, checks them by the published core format
/// (draft-dulaunoy-misp-core-format), knows an attribute by its UUID and never moves one to another event.
/// </summary>
public sealed class MispFeedTests : IDisposable
{
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["ip-src"] = "Network activity",
        ["domain"] = "Network activity",
        ["url"] = "Network activity",
        ["text"] = "Network activity",
        ["hassh-md5"] = "Network activity",
        ["sha256"] = "Payload delivery",
    };

    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;
    private readonly Dictionary<string, long> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Event, string Value, bool ToIds)> _attributes = new(StringComparer.Ordinal);

    public MispFeedTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    [Fact]
    public async Task A_consumer_gets_every_indicator_and_learns_when_one_is_taken_back()
    {
        Uri rule = await BlockAsync("203.0.113.7");
        await BlockAsync("2001:db8:7::/48");
        await Eventually.ReadsAsync(PullAsync, _ => Blocked.Length == 2);
        Assert.Equal(["2001:db8:7::/48", "203.0.113.7"], Blocked);
        (await _client.DeleteAsync(rule, Cancellation)).EnsureSuccessStatusCode();
        await Eventually.ReadsAsync(PullAsync, _ => Blocked.Length == 1);
        Assert.Equal(["2001:db8:7::/48"], Blocked);

        // It is another attribute when it is blocked again, and the old one stays taken back.
        await BlockAsync("203.0.113.7");
        await Eventually.ReadsAsync(PullAsync, _ => Blocked.Length == 2);
    }

    private string[] Blocked => [.. _attributes.Values.Where(one => one.ToIds).Select(one => one.Value).Order(StringComparer.Ordinal)];

    private async Task<Uri> BlockAsync(string scope)
    {
        using HttpResponseMessage made = await _client.PostAsJsonAsync("rules", new { scope, verdict = "drop" }, Cancellation);
        made.EnsureSuccessStatusCode();
        return made.Headers.Location!;
    }

    private async Task<int> PullAsync()
    {
        JsonObject manifest = (await _client.GetFromJsonAsync<JsonObject>("misp/manifest.json", Cancellation))!;
        foreach ((string uuid, JsonNode? about) in manifest)
        {
            Assert.True(Guid.TryParseExact(uuid, "D", out _));
            long timestamp = Number(about!["timestamp"]);
            if (_events.TryGetValue(uuid, out long known) && known > timestamp)
            {
                continue;
            }

            JsonNode found = (await _client.GetFromJsonAsync<JsonNode>($"misp/{uuid}.json", Cancellation))!["Event"]!;
            Check(uuid, found);
            _events[uuid] = Number(found["timestamp"]);
            foreach (JsonNode? attribute in found["Attribute"]!.AsArray())
            {
                Check(attribute!);
                string id = (string)attribute!["uuid"]!;
                Assert.True(!_attributes.TryGetValue(id, out (string Event, string Value, bool ToIds) before) || string.Equals(before.Event, uuid, StringComparison.Ordinal), "an attribute moved to another event");
                _attributes[id] = (uuid, (string)attribute["value"]!, (bool)attribute["to_ids"]! && !(bool)attribute["deleted"]!);
            }
        }

        return _attributes.Count;
    }

    private static void Check(string uuid, JsonNode found)
    {
        Assert.Equal(uuid, (string?)found["uuid"]);
        Assert.True(DateOnly.TryParseExact((string?)found["date"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        Assert.InRange(Number(found["threat_level_id"]), 1, 4);
        Assert.InRange(Number(found["analysis"]), 0, 2);
        Assert.NotEmpty((string)found["info"]!);
        Assert.NotEmpty((string)found["Orgc"]!["name"]!);
        Assert.True(Guid.TryParseExact((string?)found["Orgc"]!["uuid"], "D", out _));
        Assert.Contains(found["Tag"]!.AsArray(), tag => ((string)tag!["name"]!).StartsWith("tlp:", StringComparison.Ordinal));
    }

    private static void Check(JsonNode attribute)
    {
        Assert.True(Guid.TryParseExact((string?)attribute["uuid"], "D", out _));
        Assert.Equal(Categories[(string)attribute["type"]!], (string?)attribute["category"]);
        Assert.NotEmpty((string)attribute["value"]!);
        Assert.True(Number(attribute["timestamp"]) > 0);
        Assert.InRange(Number(attribute["distribution"]), 0, 5);
        Assert.True((DateTimeOffset)attribute["first_seen"]! <= (DateTimeOffset)attribute["last_seen"]!);
    }

    // Numbers are text in this format.
    private static long Number(JsonNode? node) => long.Parse((string)node!, NumberStyles.None, CultureInfo.InvariantCulture);
}
