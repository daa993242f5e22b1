using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Storage;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Siem;

/// <summary>A collector that goes away, refuses an event and comes back, and an appliance that is started anew meanwhile.</summary>
public sealed class SinkDurabilityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_outage_a_refused_event_and_a_restart_lose_nothing_and_repeat_at_most_one_in_a_hundred()
    {
        Receiver receiver = await Receiver.StartAsync();
        int port = receiver.Place.Port;
        receiver.Refuses = one => (string?)one["event"]!["source"] is "198.18.0.50";
        ApplianceFactory first = new() { IsRestarted = true };
        using (HttpClient client = first.Operator())
        {
            (await client.PostAsJsonAsync("sinks", new { name = "splunk", kind = "hec", url = receiver.Place, token = "t", acknowledge = true, kinds = new[] { "decision" } }, Cancellation)).EnsureSuccessStatusCode();
            await BlockAsync(client, 0, 200);
            await Eventually.Is(() => Status(client)["sent"]!.GetValue<long>() == 199);
            await receiver.DisposeAsync();
            await BlockAsync(client, 200, 200);
            await Eventually.Is(() => (string?)Status(client)["state"] is "retrying");
        }

        string[] before = Sources(receiver);
        await first.DisposeAsync();
        await Eventually.Is(() => IsFree(first.Folder));
        using ApplianceFactory second = new() { Folder = first.Folder };
        using (HttpClient client = second.Operator())
        {
            await BlockAsync(client, 400, 100);
            await using Receiver back = await Receiver.StartAsync(port);
            back.Fault = request => request is 1 ? (503, "{\"text\":\"Server is busy\",\"code\":9}") : null;
            await Eventually.Reads(() => before.Concat(Sources(back)).Distinct(StringComparer.Ordinal).Count(), count => count == 499);
            await Eventually.Is(() => Status(client)["behind"]!.GetValue<long>() == 0);
            string[] all = [.. before, .. Sources(back)];
            Assert.Equal(499, all.Distinct(StringComparer.Ordinal).Count());
            Assert.DoesNotContain("198.18.0.50", all);
            Assert.True(all.Length <= 504, $"{all.Length} sent");
            Assert.Equal("198.18.0.50", (string?)(await client.GetFromJsonAsync<JsonNode>("sinks/splunk/refused", Cancellation))!["items"]!.AsArray().Single()!["event"]!["decision"]!["scope"]);
        }
    }

    // The program of the first appliance lets go of its folder a moment after its server has stopped.
    private static bool IsFree(string folder)
    {
        using StateLock? taken = StateLock.TryTake(folder, out _);
        return taken is not null;
    }

    private static string[] Sources(Receiver receiver) => [.. receiver.Events.Select(one => (string)one["event"]!["source"]!)];

    private static JsonNode Status(HttpClient client) => client.GetFromJsonAsync<JsonNode>("sinks/splunk", Cancellation).GetAwaiter().GetResult()!;

    private static async Task BlockAsync(HttpClient client, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            (await client.PostAsJsonAsync("rules", new { scope = $"198.18.{i / 250}.{i % 250}", verdict = "drop" }, Cancellation)).EnsureSuccessStatusCode();
        }
    }
}
