using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Geography;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>Country and network of addresses, from files that somebody else made.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-places-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    [Fact]
    public async Task A_source_shows_its_country_and_network_and_rules_name_them()
    {
        string countries = Write("country.mmdb", PlaceFile.Of(PlaceFile.Country("NL"), 45, 7));
        string systems = Write("asn.mmdb", PlaceFile.Of(PlaceFile.System(64500, "Example\u001b[31m Net"), 45));
        await using ApplianceFactory appliance = new($"[geography]\ncountry_file = \"{countries}\"\nasn_file = \"{systems}\"\nblock_countries = [\"NL\"]\n");
        using HttpClient client = appliance.Operator();
        JsonNode place = (await client.GetFromJsonAsync<JsonNode>("sources/45.7.0.9", Cancellation))!["place"]!;
        Assert.Equal(("NL", 64500, "Example.[31m Net"), ((string?)place["country"], (long)place["asn"]!, (string?)place["organisation"]));
        JsonNode other = (await client.GetFromJsonAsync<JsonNode>("sources/45.8.0.9", Cancellation))!["place"]!;
        Assert.Equal((null, 64500), ((string?)other["country"], (long)other["asn"]!));
        Assert.Null((await client.GetFromJsonAsync<JsonNode>("sources/46.0.0.1", Cancellation))!["place"]);
        Decision? decision = appliance.Board.Effective(Prefix.Parse("45.7.0.9"));
        Assert.Equal((Verdict.Drop, Origin.Operator, "45.7.0.0/16"), (decision!.Verdict, decision.Origin, $"{decision.Scope}"));
        Assert.Null(appliance.Board.Effective(Prefix.Parse("45.8.0.9")));
        JsonNode shown = (await client.GetFromJsonAsync<JsonNode>("decisions?contains=45.7.0.9", Cancellation))!["items"]![0]!;
        Assert.Equal(("NL", 64500), ((string?)shown["place"]!["country"], (long)shown["place"]!["asn"]!));
        JsonNode elsewhere = await ApplianceFactory.JsonOf(await client.PostAsJsonAsync("rules", new { scope = "46.0.0.1", verdict = "drop" }, Cancellation));
        Assert.Null(elsewhere["place"]);
    }

    [Fact]
    public async Task A_list_of_sources_has_the_place_of_each()
    {
        string countries = Write("country.mmdb", PlaceFile.Of(PlaceFile.Country("NL"), 45, 7));
        await using ApplianceFactory appliance = new($"[geography]\ncountry_file = \"{countries}\"\n") { Insight = new TwoSources() };
        using HttpClient client = appliance.Operator();
        JsonArray rows = (await client.GetFromJsonAsync<JsonNode>("sources", Cancellation))!["items"]!.AsArray();
        Assert.Equal(["45.7.0.9 NL", "46.0.0.1 "], rows.Select(row => $"{row!["address"]} {row["place"]?["country"]}"));
    }

    [Fact]
    public async Task A_reload_takes_up_files_and_rules_and_a_damaged_file_changes_nothing()
    {
        string countries = Write("country.mmdb", PlaceFile.Of(PlaceFile.Country("NL"), 45, 7));
        await using ApplianceFactory appliance = new();
        using HttpClient client = appliance.Operator();
        string file = Path.Combine(appliance.Folder, "blackwall.toml");
        string configuration = await File.ReadAllTextAsync(file, Cancellation);
        Assert.Null(await PlaceOf("45.7.0.9"));

        await Reload($"{configuration}[geography]\ncountry_file = \"{countries}\"\nblock_countries = [\"NL\"]\n");
        Assert.Equal("NL", await PlaceOf("45.7.0.9"));
        Assert.Equal(Verdict.Drop, appliance.Board.Effective(Prefix.Parse("45.7.0.9"))?.Verdict);

        // The same path, another content.
        Write("country.mmdb", PlaceFile.Of(PlaceFile.Country("NL"), 45, 9));
        Assert.Empty((await Reload(null))["faults"]!.AsArray());
        Assert.Equal((null, "NL"), (await PlaceOf("45.7.0.9"), await PlaceOf("45.9.0.1")));
        Assert.Equal((null, Verdict.Drop), (appliance.Board.Effective(Prefix.Parse("45.7.0.9"))?.Verdict, appliance.Board.Effective(Prefix.Parse("45.9.0.9"))?.Verdict));

        Write("country.mmdb", "<html>"u8.ToArray());
        Assert.Contains("country.mmdb", $"{(await Reload(null))["faults"]}", StringComparison.Ordinal);
        Assert.Contains("still in use", await client.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);
        Assert.Equal(("NL", Verdict.Drop), (await PlaceOf("45.9.0.1"), appliance.Board.Effective(Prefix.Parse("45.9.0.9"))?.Verdict));

        await Reload(configuration);
        Assert.Null(await PlaceOf("45.9.0.1"));
        Assert.Null(appliance.Board.Effective(Prefix.Parse("45.9.0.9")));

        async Task<string?> PlaceOf(string address) => (string?)(await client.GetFromJsonAsync<JsonNode>($"sources/{address}", Cancellation))!["place"]?["country"];

        async Task<JsonNode> Reload(string? text)
        {
            if (text is not null)
            {
                await File.WriteAllTextAsync(file, text, Cancellation);
            }

            return await ApplianceFactory.JsonOf((await client.PostAsync(new Uri("config/reload", UriKind.Relative), null, Cancellation)).EnsureSuccessStatusCode());
        }
    }

    /// <summary>Detection that knows two sources.</summary>
    private sealed class TwoSources : ISourceInsight
    {
        private static readonly DateTimeOffset s_seen = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public SourceStanding? Describe(Address source) => null;

        public IReadOnlyList<SourceRow> List(SourceQuery query) =>
            [.. new[] { "45.7.0.9", "46.0.0.1" }.Select(address => new SourceRow(new SourcePlace(1, Address.Parse(address)), "new", 0, s_seen, s_seen, true, 10))];
    }

    [Fact]
    public void Autonomous_systems_are_found_as_networks()
    {
        using PlaceDatabase systems = new(Write("asn.mmdb", PlaceFile.Of(PlaceFile.System(64500, "Example"), 45)));
        Assert.Equal([Prefix.Parse("45.0.0.0/8")], systems.Networks<AsnRecord>(record => record.Number == 64500, 10));
        Assert.Empty(systems.Networks<AsnRecord>(record => record.Number == 64501, 10));
    }

    [Fact]
    public void A_file_that_is_none_or_lies_costs_a_sentence()
    {
        byte[] good = PlaceFile.Of(PlaceFile.Country("NL"), 45);
        Assert.Equal("NL", Find(good, out string? fault));
        Assert.Null(fault);
        Assert.Null(Find(PlaceFile.Of(PlaceFile.Country("<b>"), 45), out _));
        foreach (byte[] bad in new[]
        {
            [],
            "<html>"u8.ToArray(),
            good[..(good.Length / 2)],
            PlaceFile.Of(PlaceFile.Pointer(0), 45),
            PlaceFile.Of([0xE1, .. PlaceFile.Text("country"), .. PlaceFile.Pointer(250)], 45),
        })
        {
            Assert.Null(Find(bad, out fault));
            Assert.NotNull(fault);
            Assert.Contains("x.mmdb", fault, StringComparison.Ordinal);
        }

        // Whatever a byte of it is, it is an answer.
        Random dice = new(11);
        for (int i = 0; i < 3000; i++)
        {
            byte[] odd = [.. good];
            odd[dice.Next(odd.Length)] = (byte)dice.Next(256);
            Find(odd, out _);
        }

        string? Find(byte[] content, out string? wrong)
        {
            using PlaceDatabase database = new(Write("x.mmdb", content));
            string? code = database.Find<CountryRecord>(Address.Parse("45.0.0.1"))?.Code;
            database.Networks<CountryRecord>(_ => true, 10);
            wrong = database.Fault;
            return code;
        }
    }
}
