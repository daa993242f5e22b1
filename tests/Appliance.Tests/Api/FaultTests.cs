using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Api.Keys;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>What the control plane does when the machine fails it.</summary>
public sealed class FaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_full_database_rules_still_work_keys_are_refused_with_a_reason_and_the_log_catches_up_in_memory()
    {
        using ApplianceFactory appliance = new("[storage]\nmax_megabytes = 1\n");
        using HttpClient client = appliance.Operator();
        StringBuilder list = new();
        for (int i = 0; i < 60_000; i++)
        {
            list.Append("203.").Append(i >> 16 & 255).Append('.').Append(i >> 8 & 255).Append('.').Append(i & 255).Append('\n');
        }

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("rules/import", new StringContent(list.ToString()), Cancellation)).StatusCode);
        JsonNode health;
        do
        {
            health = (await client.GetFromJsonAsync<JsonNode>("health/ready", Cancellation))!;
        }
        while (health["faults"]?["journal"] is null);

        // Until not a page is left: then the row of a key finds no place either.
        HttpResponseMessage refused;
        int made = 0;
        do
        {
            refused = await client.PostAsJsonAsync("keys", new { name = $"k{made}", role = "viewer", networks = Enumerable.Range(0, 32).Select(n => $"2001:db8:{made:x}:{n:x}:1234:5678:9abc:def0") }, Cancellation);
        }
        while (refused.StatusCode == HttpStatusCode.Created && ++made < 250);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("nothing was changed", (string)(await ApplianceFactory.JsonOf(refused))["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsJsonAsync("rules", new { scope = "198.51.100.9", verdict = "drop" }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("audit", Cancellation)).StatusCode);
    }

    [Fact]
    public void A_key_file_that_cannot_be_made_ends_the_start_with_a_sentence()
    {
        using ApplianceFactory appliance = new();
        Directory.CreateDirectory(Path.Combine(appliance.Folder, "admin.key"));
        KeyFileException failure = Assert.ThrowsAny<Exception>(() => appliance.CreateClient()) switch
        {
            KeyFileException told => told,
            { InnerException: KeyFileException told } => told,
            var other => throw other,
        };
        Assert.Contains("make the state folder writable", failure.Message, StringComparison.Ordinal);
    }
}
