using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Inspection;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class InspectionApiTests
{
    [Fact]
    public async Task The_rules_in_force_are_listed_as_their_file_has_them()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# why\nmine target prefix 0.9 /mine\n", TestContext.Current.CancellationToken);
        using (ApplianceFactory appliance = new($"[dpi]\nrules_file = \"{file}\"\n"))
        {
            using HttpClient client = appliance.Operator();
            JsonNode list = (await client.GetFromJsonAsync<JsonNode>("dpi/rules", TestContext.Current.CancellationToken))!;
            JsonNode rule = Assert.Single(list["items"]!.AsArray())!;
            Assert.Equal(
                (file, "mine", "target", "prefix", "/mine", 0.9, "why", 0),
                ((string?)list["file"], (string?)rule["id"], (string?)rule["place"], (string?)rule["match"], (string?)rule["pattern"], (double)rule["weight"]!, (string?)rule["comment"], (int)rule["hits"]!));
        }

        File.Delete(file);
    }

    [Fact]
    public async Task Without_a_file_the_shipped_rules_are_in_force()
    {
        using ApplianceFactory appliance = new();
        using HttpClient client = appliance.Operator();
        JsonNode list = (await client.GetFromJsonAsync<JsonNode>("dpi/rules", TestContext.Current.CancellationToken))!;
        Assert.Null(list["file"]);
        Assert.Equal(new InspectionOptions().Rules.Select(r => r.Id), list["items"]!.AsArray().Select(r => (string)r!["id"]!));
    }
}
