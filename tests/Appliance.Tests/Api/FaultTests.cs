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

    private static void Fill(SqliteConnection connection)
    {
        // A database of a megabyte has room for a few hundred.
        for (int i = 0; i < 10_000; i++)
        {
            Database.Run(connection, "INSERT INTO filler VALUES (zeroblob(4000))");
        }
    }
}
