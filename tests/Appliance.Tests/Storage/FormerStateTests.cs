using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Storage;

/// <summary>
/// The database of version 0.1, written by that version (rules by the API and the file, one of them lifted, a key, a change in shadow), is
/// taken over whole. The key is that of the file and opens nothing else.
/// </summary>
public sealed class FormerStateTests : IDisposable
{
    private const string AdminKey = "bw_b834874ea3f99d3829854e8f62fa310880aa96932b690cb3bdaf0904dd445867";
    private readonly ApplianceFactory _appliance = new("[rules]\nallowlist = [\"192.0.2.0/24\"]\n");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Everything_is_taken_over()
    {
        await Restore();
        using HttpClient client = _appliance.Operator();
        JsonNode rules = (await client.GetFromJsonAsync<JsonNode>("rules?limit=100", Cancellation))!;
        Assert.Equal(
            ["192.0.2.0/24", "198.51.100.0/24", "2001:db8:7::/48", "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"],
            rules["items"]!.AsArray().Select(rule => (string)rule!["scope"]!).Order(StringComparer.Ordinal));
        Assert.Equal("number 2", (string?)rules["items"]!.AsArray().Single(rule => (string?)rule!["scope"] is "203.0.113.2")!["comment"]);
        Assert.Equal("203.0.113.5", (string?)(await client.GetFromJsonAsync<JsonNode>("decisions?active=false", Cancellation))!["items"]![0]!["scope"]);
        Assert.Equal(["admin", "siem"], (await client.GetFromJsonAsync<JsonNode>("keys", Cancellation))!["items"]!.AsArray().Select(key => (string)key!["name"]!));
        Assert.Equal("shadow", (string?)(await client.GetFromJsonAsync<JsonNode>("changes", Cancellation))!["items"]![0]!["state"]);
        Assert.True((bool)(await client.GetFromJsonAsync<JsonNode>("audit/verify", Cancellation))!["intact"]!);
        Assert.Contains((await client.GetFromJsonAsync<JsonNode>("events/history?kind=lifted", Cancellation))!["items"]!.AsArray(), told => (string?)told!["data"]!["decision"]!["scope"] is "203.0.113.5");
    }

    private async Task Restore()
    {
        await File.WriteAllTextAsync(Path.Combine(_appliance.Folder, "admin.key"), AdminKey, Cancellation);
        await using GZipStream packed = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Storage", "Former", "state-0.1.db.gz")), CompressionMode.Decompress);
        await using FileStream database = File.Create(Path.Combine(_appliance.Folder, "blackwall.db"));
        await packed.CopyToAsync(database, Cancellation);
    }
}
