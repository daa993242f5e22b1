using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Behavior.Settings;
using Blackwall.Inspection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>A reload takes up what can change, names what cannot, and changes nothing when there is an error.</summary>
public sealed class ReloadApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new("[rules]\nblocklist = [\"203.0.113.0/24\"]\n[storage]\nmax_megabytes = 100\n");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Rules_lists_thresholds_and_dpi_rules_are_taken_up_and_the_rest_waits()
    {
        using HttpClient client = _appliance.Operator();
        string list = Path.Combine(_appliance.Folder, "list.txt");
        string rules = Path.Combine(_appliance.Folder, "dpi-rules");
        await File.WriteAllTextAsync(list, "198.51.100.9\n", Cancellation);
        await File.WriteAllTextAsync(rules, "only-one target contains 0.5 /nosuch\n", Cancellation);
        Write($"[rules]\nblocklist = [\"192.0.2.99\"]\nblocklist_files = [\"{list}\"]\n[thresholds]\nscan_ports = 33\n[dpi]\nrules_file = \"{rules}\"\n[storage]\nmax_megabytes = 200\n");

        JsonNode result = await ApplianceFactory.JsonOf(await client.PostAsync("config/reload", null, Cancellation));
        Assert.Equal(["rules.blocklist", "rules.blocklist_files", "thresholds.scan_ports", "dpi.rules_file"], result["changed"]!.AsArray().Select(name => (string)name!), new InAnyOrder());
        Assert.Equal("storage.max_megabytes", (string)Assert.Single(result["waiting"]!.AsArray())!);
        Assert.Empty(result["faults"]!.AsArray());

        JsonNode page = (await client.GetFromJsonAsync<JsonNode>("rules", Cancellation))!;
        Assert.Equal(["192.0.2.99", "198.51.100.9"], page["items"]!.AsArray().Select(rule => (string)rule!["scope"]!).Order(StringComparer.Ordinal));
        Assert.Equal(33, _appliance.Services.GetRequiredService<IOptions<DetectionOptions>>().Value.ScanPorts);
        Assert.Single(_appliance.Services.GetRequiredService<IOptions<InspectionOptions>>().Value.Rules);

        // What is no longer in the file has its default again.
        Write("");
        await client.PostAsync("config/reload", null, Cancellation);
        page = (await client.GetFromJsonAsync<JsonNode>("rules", Cancellation))!;
        Assert.Empty(page["items"]!.AsArray());
        Assert.Equal(20, _appliance.Services.GetRequiredService<IOptions<DetectionOptions>>().Value.ScanPorts);
        Assert.True(_appliance.Services.GetRequiredService<IOptions<InspectionOptions>>().Value.Rules.Count > 1);
    }

    [Fact]
    public async Task A_file_with_an_error_changes_nothing()
    {
        using HttpClient client = _appliance.Operator();
        Write("[rules]\nblocklist = []\n[thresholds]\nscan_ports = 4\n");
        HttpResponseMessage answer = await client.PostAsync("config/reload", null, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("'thresholds.scan_ports' must be a whole number within 5..500; got '4'.", (string)(await ApplianceFactory.JsonOf(answer))["detail"]!, StringComparison.Ordinal);
        JsonNode page = (await client.GetFromJsonAsync<JsonNode>("rules", Cancellation))!;
        Assert.Equal("203.0.113.0/24", (string)Assert.Single(page["items"]!.AsArray())!["scope"]!);
    }

    [Fact]
    public async Task A_viewer_may_not_reload()
    {
        using HttpClient client = _appliance.Operator();
        JsonNode key = await ApplianceFactory.JsonOf(await client.PostAsJsonAsync("keys", new { name = "v", role = "viewer" }, Cancellation));
        using HttpClient viewer = _appliance.Stranger(key: (string)key["secret"]!);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsync("config/reload", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("config", Cancellation)).StatusCode);
    }

    private void Write(string toml) => File.WriteAllText(Path.Combine(_appliance.Folder, "blackwall.toml"), "[network]\nmode = \"off\"\n" + toml);

    private sealed class InAnyOrder : IEqualityComparer<IEnumerable<string>>
    {
        public bool Equals(IEnumerable<string>? x, IEnumerable<string>? y) => x!.Order(StringComparer.Ordinal).SequenceEqual(y!.Order(StringComparer.Ordinal), StringComparer.Ordinal);

        public int GetHashCode(IEnumerable<string> obj) => obj.Count();
    }
}
