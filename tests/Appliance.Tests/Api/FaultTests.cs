using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>What the control plane does when the disk is full.</summary>
public sealed class FaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_full_database_rules_still_work_and_keys_are_refused_with_a_reason()
    {
        using ApplianceFactory appliance = new("[storage]\nmax_megabytes = 1\n");
        using HttpClient client = appliance.Operator();
        using (SqliteConnection connection = appliance.Services.GetRequiredService<Database>().OpenWriter())
        {
            Database.Run(connection, "CREATE TABLE filler (data BLOB)");
            Assert.Throws<SqliteException>(() => Fill(connection));
        }

        // A few find room in the page that the table has already.
        HttpResponseMessage refused;
        int made = 0;
        do
        {
            refused = await client.PostAsJsonAsync("keys", new { name = $"k{made}", role = "viewer", networks = Enumerable.Range(0, 32).Select(n => $"2001:db8:{made:x}:{n:x}:1234:5678:9abc:def0") }, Cancellation);
        }
        while (refused.StatusCode == HttpStatusCode.Created && ++made < 20);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("nothing was changed", (string)(await ApplianceFactory.JsonOf(refused))["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsJsonAsync("rules", new { scope = "198.51.100.9", verdict = "drop" }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("audit", Cancellation)).StatusCode);
        Assert.Equal("198.51.100.9", (string?)(await client.GetFromJsonAsync<JsonNode>("rules", Cancellation))!["items"]![0]!["scope"]);
    }

    [Fact]
    public async Task With_a_full_database_an_answer_says_that_a_change_is_not_stored_and_it_is_stored_once_there_is_room()
    {
        using ApplianceFactory appliance = new("[storage]\nmax_megabytes = 1\n");
        using HttpClient client = appliance.Operator();
        JsonNode kept = await ApplianceFactory.JsonOf(await client.PostAsJsonAsync("rules", new { scope = "198.51.100.1", verdict = "drop" }, Cancellation));
        Assert.True((bool)kept["stored"]!);
        using (SqliteConnection connection = appliance.Services.GetRequiredService<Database>().OpenWriter())
        {
            Database.Run(connection, "CREATE TABLE filler (data BLOB)");
            Assert.Throws<SqliteException>(() => Fill(connection));
        }

        // A few find room in pages that are there already.
        JsonNode made;
        List<long> ids = [(long)kept["id"]!];
        int n = 1;
        do
        {
            HttpResponseMessage answer = await client.PostAsJsonAsync("rules", new { scope = $"198.51.100.{++n}", verdict = "drop", comment = new string('x', 1000) }, Cancellation);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            made = await ApplianceFactory.JsonOf(answer);
            ids.Add((long)made["id"]!);
        }
        while ((bool)made["stored"]! && n < 100);

        Assert.False((bool)made["stored"]!);
        Assert.True((bool)made["enforced"]!);
        Assert.False((bool)(await client.GetFromJsonAsync<JsonNode>($"rules/{ids[^1]}", Cancellation))!["stored"]!);
        HttpResponseMessage lifted = await client.DeleteAsync($"rules/{ids[0]}", Cancellation);
        Assert.Equal(HttpStatusCode.OK, lifted.StatusCode);
        JsonNode outcome = await ApplianceFactory.JsonOf(lifted);
        Assert.Equal((true, false), ((bool)outcome["enforced"]!, (bool)outcome["stored"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"rules/{ids[0]}", Cancellation)).StatusCode);
        HttpResponseMessage degraded = await client.GetAsync("health/ready", Cancellation);
        Assert.Contains("cannot be stored", await degraded.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(ids.Count, ids.Distinct().Count());

        using (SqliteConnection connection = appliance.Services.GetRequiredService<Database>().OpenWriter())
        {
            Database.Run(connection, "DROP TABLE filler");
        }

        JsonNode next = await ApplianceFactory.JsonOf(await client.PostAsJsonAsync("rules", new { scope = "198.51.100.200", verdict = "drop" }, Cancellation));
        Assert.True((bool)next["stored"]!);
        Assert.DoesNotContain((long)next["id"]!, ids);
        Assert.True((bool)(await client.GetFromJsonAsync<JsonNode>($"rules/{ids[^1]}", Cancellation))!["stored"]!);
    }

    private static void Fill(SqliteConnection connection)
    {
        // A database of a megabyte has room for a few hundred.
        for (int i = 0; i < 10_000; i++)
        {
            Database.Run(connection, "INSERT INTO filler VALUES (zeroblob(4000))");
        }
    }
}
