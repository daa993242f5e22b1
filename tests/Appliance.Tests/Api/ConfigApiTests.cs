using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class ConfigApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new("""
        xdp_mode = "generic"
        [rules]
        allowlist = ["192.0.2.0/24", "2001:db8::1"]
        [storage]
        retention_days = 7
        [kernel.features]
        tls = false
        """);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    private async Task<Dictionary<string, (string? Value, string Source)>> Settings()
    {
        using HttpClient client = _appliance.Operator();
        JsonNode body = (await client.GetFromJsonAsync<JsonNode>("config", Cancellation))!;
        return body["settings"]!.AsArray().ToDictionary(s => (string)s!["name"]!, s => (s!["value"]?.ToJsonString(), (string)s["source"]!));
    }

    [Fact]
    public async Task Every_setting_of_every_section_is_shown_in_order_of_name()
    {
        Dictionary<string, (string? Value, string Source)> settings = await Settings();
        Assert.Equal(
            FeatureList.Sections(FeatureList.All).SelectMany(section => section.Keys.Select(key => $"{section.Name}.{key}")).Order(StringComparer.Ordinal),
            settings.Keys);
    }

    [Fact]
    public async Task What_was_set_shows_its_value_and_its_place_and_the_rest_its_default()
    {
        Dictionary<string, (string? Value, string Source)> settings = await Settings();
        Assert.Equal(("\"off\"", "blackwall.toml:2"), settings["network.mode"]);
        Assert.Equal(("\"generic\"", "blackwall.toml:3"), settings["network.xdp_mode"]);
        Assert.Equal(("""["192.0.2.0/24","2001:db8::1"]""", "blackwall.toml:5"), settings["rules.allowlist"]);
        Assert.Equal(("7", "blackwall.toml:7"), settings["storage.retention_days"]);
        Assert.Equal(("false", "blackwall.toml:9"), settings["kernel.features.tls"]);
        Assert.Equal(($"\"{_appliance.Folder}\"", "--set storage.state_folder"), settings["storage.state_folder"]);
        Assert.Equal(("200", "default"), settings["kernel.limits.syn.host_packets_per_second"]);
        Assert.Equal(("600", "default"), settings["thresholds.ttl.first_seconds"]);
        Assert.Equal(("2000000", "default"), settings["storage.max_decisions"]);
        Assert.Equal((null, "default"), settings["kernel.tarpit.address4"]);
    }

    [Fact]
    public async Task Without_the_key_nothing_is_shown()
    {
        using HttpClient stranger = _appliance.Stranger();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("config", Cancellation)).StatusCode);
    }
}
