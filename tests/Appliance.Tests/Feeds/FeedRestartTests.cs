using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Feeds;
using Blackwall.Lab.Servers;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>An appliance that starts again while the servers of its feeds are dead.</summary>
public sealed class FeedRestartTests
{
    private const string Listed = "45.0.0.1";
    private const string Named = "2a00:1450::7";
    private const string Harmless = "45.0.0.9";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Copy(string folder, string name) => Path.Combine(folder, "feeds", $"{name}.list");

    private static Verdict VerdictOf(ApplianceFactory appliance, string address) => appliance.Board.Effective(Prefix.Parse(address))?.Verdict ?? Verdict.Pass;

    private static async Task<JsonNode> Get(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonNode>(path, Cancellation))!;

    private static async Task<JsonNode> Refresh(HttpClient client) =>
        await ApplianceFactory.JsonOf((await client.PostAsync(new Uri("feeds/mine/refresh", UriKind.Relative), null, Cancellation)).EnsureSuccessStatusCode());

    /// <summary>Makes two feeds, one of what is harmless, and ends appliance and server.</summary>
    /// <returns>The state folder, and the port where the server was.</returns>
    private static async Task<(string Folder, int Port)> RunBefore()
    {
        FeedServer server = FeedServer.Start();
        ApplianceFactory appliance = new() { IsRestarted = true };
        using (HttpClient client = appliance.Operator())
        {
            foreach ((string name, string kind, string text) in new[] { ("harmless", "allow", $"{Harmless}\n"), ("mine", "attackers", $"{Listed}\n{Named} # QakBot\n{Harmless}\n45.8.0.0/16\n") })
            {
                (await client.PostAsJsonAsync("feeds", new { name, url = server.Offer(name, text), action = "drop", kind }, Cancellation)).EnsureSuccessStatusCode();
                await Eventually.Reads(() => Get(client, $"feeds/{name}").GetAwaiter().GetResult(), feed => (string?)feed["lastRun"]?["outcome"] is "updated");
            }

            Assert.Equal((Verdict.Drop, Verdict.Drop, Verdict.Pass), (VerdictOf(appliance, Listed), VerdictOf(appliance, Named), VerdictOf(appliance, Harmless)));
        }

        int port = server.Place.Port;
        await server.DisposeAsync();
        await appliance.DisposeAsync();
        await Eventually.Is(() => IsFree(appliance.Folder));
        return (appliance.Folder, port);
    }

    private static bool IsFree(string folder)
    {
        using StateLock? taken = StateLock.TryTake(folder, out _);
        return taken is not null;
    }

    [Fact]
    public async Task With_a_dead_server_the_last_good_copy_counts_from_the_start_on()
    {
        (string folder, int port) = await RunBefore();
        using ApplianceFactory appliance = new() { Folder = folder };
        using HttpClient client = appliance.Operator();
        Assert.Equal((Verdict.Drop, Verdict.Drop, Verdict.Drop, Verdict.Pass), (VerdictOf(appliance, Listed), VerdictOf(appliance, Named), VerdictOf(appliance, "45.8.7.6"), VerdictOf(appliance, Harmless)));
        JsonNode feed = await Get(client, "feeds/mine");
        Assert.Equal(("current", 4, 3), ((string?)feed["state"], (int)feed["entries"]!, (int)feed["claims"]!));
        JsonNode mention = (await Get(client, $"sources/{Named}"))["feeds"]!.AsArray().Single()!;
        Assert.Equal(("mine", "QakBot"), ((string?)mention["feed"], (string?)mention["note"]));

        JsonNode failed = await Refresh(client);
        Assert.Equal("failed", (string?)failed["outcome"]);
        Assert.Contains("stays in force until", (string?)failed["sentence"], StringComparison.Ordinal);
        Assert.Equal((Verdict.Drop, Verdict.Pass), (VerdictOf(appliance, Listed), VerdictOf(appliance, Harmless)));

        // The control: what its server says when it is back counts.
        await using FeedServer server = FeedServer.Start(port: port);
        server.Offer("mine", "45.0.0.2\n");
        Assert.Equal("updated", (string?)(await Refresh(client))["outcome"]);
        Assert.Equal((Verdict.Pass, Verdict.Drop), (VerdictOf(appliance, Listed), VerdictOf(appliance, "45.0.0.2")));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("empty")]
    [InlineData("noise")]
    [InlineData("gone")]
    public async Task A_damaged_copy_is_named_takes_nothing_out_of_force_and_is_mended_by_a_fetch(string damage)
    {
        (string folder, int port) = await RunBefore();
        string copy = Copy(folder, "mine");
        byte[] good = await File.ReadAllBytesAsync(copy, Cancellation);
        switch (damage)
        {
            case "gone":
                File.Delete(copy);
                break;
            case "changed":
                good[good.AsSpan().IndexOf("45.8"u8)] = (byte)'9';
                await File.WriteAllBytesAsync(copy, good, Cancellation);
                break;
            default:
                await File.WriteAllBytesAsync(copy, damage switch { "cut" => good[..(good.Length / 2)], "noise" => [0, 255, 1, 254], _ => [] }, Cancellation);
                break;
        }

        using ApplianceFactory appliance = new() { Folder = folder };
        using HttpClient client = appliance.Operator();
        Assert.Equal((Verdict.Drop, Verdict.Drop, Verdict.Pass), (VerdictOf(appliance, Listed), VerdictOf(appliance, "45.8.7.6"), VerdictOf(appliance, "95.8.7.6")));
        string health = await client.GetStringAsync("health/ready", Cancellation);
        Assert.Contains("The last good copy of the feed 'mine' is damaged", health.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("damaged", (string?)(await Get(client, "feeds/mine"))["lastError"], StringComparison.Ordinal);
        Assert.Equal("failed", (string?)(await Refresh(client))["outcome"]);
        Assert.Equal(Verdict.Drop, VerdictOf(appliance, Listed));

        // The same list, of which the appliance had the ETag: it is fetched whole.
        await using FeedServer server = FeedServer.Start(port: port);
        server.Offer("mine", $"{Listed}\n{Named} # QakBot\n{Harmless}\n45.8.0.0/16\n");
        Assert.Equal("updated", (string?)(await Refresh(client))["outcome"]);
        Assert.DoesNotContain("damaged", await client.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);
        JsonNode feed = await Get(client, "feeds/mine");
        Assert.Equal(("current", 4, 3, Verdict.Drop), ((string?)feed["state"], (int)feed["entries"]!, (int)feed["claims"]!, VerdictOf(appliance, "45.8.7.6")));
        Assert.EndsWith("\n", await File.ReadAllTextAsync(copy, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_of_another_list_is_not_what_was_in_force_and_the_list_is_fetched_whole()
    {
        (string folder, int port) = await RunBefore();
        byte[] other = await File.ReadAllBytesAsync(Copy(folder, "harmless"), Cancellation);
        await File.WriteAllBytesAsync(Copy(folder, "mine"), other, Cancellation);
        using ApplianceFactory appliance = new() { Folder = folder };
        using HttpClient client = appliance.Operator();
        Assert.Contains("not the list that was in force", await client.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);
        Assert.Equal((Verdict.Drop, Verdict.Pass), (VerdictOf(appliance, Listed), VerdictOf(appliance, Harmless)));
        await using FeedServer server = FeedServer.Start(port: port);
        server.Offer("mine", $"{Listed}\n{Named} # QakBot\n{Harmless}\n45.8.0.0/16\n");
        Assert.Equal("updated", (string?)(await Refresh(client))["outcome"]);
        Assert.DoesNotContain(server.Requests, head => head.Contains("If-None-Match", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_that_waits_waits_after_a_restart_too_and_without_its_copy_there_is_nothing_to_accept(bool isLost)
    {
        await using FeedServer server = FeedServer.Start();
        ApplianceFactory before = new() { IsRestarted = true };
        string digest;
        using (HttpClient client = before.Operator())
        {
            string text = string.Concat(Enumerable.Range(0, 50).Select(i => $"45.3.0.{i}\n"));
            (await client.PostAsJsonAsync("feeds", new { name = "mine", url = server.Offer("mine", text), action = "drop" }, Cancellation)).EnsureSuccessStatusCode();
            await Eventually.Reads(() => Get(client, "feeds/mine").GetAwaiter().GetResult(), feed => (string?)feed["lastRun"]?["outcome"] is "updated");
            server.Offer("mine", "45.3.1.1\n");
            digest = (string)(await Refresh(client))["digest"]!;
        }

        await before.DisposeAsync();
        await server.DisposeAsync();
        await Eventually.Is(() => IsFree(before.Folder));
        if (isLost)
        {
            File.Delete(Copy(before.Folder, "mine.held"));
        }

        using ApplianceFactory appliance = new() { Folder = before.Folder };
        using HttpClient again = appliance.Operator();
        JsonNode feed = await Get(again, "feeds/mine");
        Assert.Equal((isLost ? null : digest, 50), ((string?)feed["heldDigest"], (int)feed["claims"]!));
        HttpResponseMessage accepted = await again.PostAsync(new Uri($"feeds/mine/refresh?accept=true&digest={digest}", UriKind.Relative), null, Cancellation);
        Assert.Equal(isLost ? System.Net.HttpStatusCode.Conflict : System.Net.HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(isLost ? (Verdict.Pass, Verdict.Drop) : (Verdict.Drop, Verdict.Pass), (VerdictOf(appliance, "45.3.1.1"), VerdictOf(appliance, "45.3.0.1")));
    }

    [Fact]
    public async Task Times_that_a_clock_wrote_that_was_ahead_are_told_and_hinder_no_fetch()
    {
        await using FeedServer server = FeedServer.Start();
        ApplianceFactory before = new() { IsRestarted = true };
        using (HttpClient client = before.Operator())
        {
            (await client.PostAsJsonAsync("feeds", new { name = "mine", url = server.Offer("mine", $"{Listed}\n"), action = "drop" }, Cancellation)).EnsureSuccessStatusCode();
            await Eventually.Reads(() => Get(client, "feeds/mine").GetAwaiter().GetResult(), feed => (string?)feed["lastRun"]?["outcome"] is "updated");
            Assert.DoesNotContain("clock was ahead", await client.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);
            FeedStore store = before.Services.GetRequiredService<FeedStore>();
            DateTimeOffset ahead = new(2140, 1, 1, 0, 0, 0, TimeSpan.Zero);
            await store.RememberAsync("mine", store.All().Single().State with { LastAttempt = ahead, LastSuccess = ahead, NotBefore = ahead });
        }

        await before.DisposeAsync();
        await Eventually.Is(() => IsFree(before.Folder));
        using ApplianceFactory appliance = new() { Folder = before.Folder };
        using HttpClient again = appliance.Operator();
        Assert.Contains("clock was ahead", await again.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);
        Assert.Equal((0, Verdict.Drop), ((int)(await Get(again, "feeds/mine"))["ageSeconds"]!, VerdictOf(appliance, Listed)));
        Decision claim = appliance.Board.Effective(Prefix.Parse(Listed))!;
        Assert.True(claim.Expiry < TimeProvider.System.GetUtcNow().AddDays(1));
        server.Offer("mine", "45.0.0.2\n");
        Assert.Equal("updated", (string?)(await Refresh(again))["outcome"]);
        Assert.DoesNotContain("clock was ahead", await again.GetStringAsync("health/ready", Cancellation), StringComparison.Ordinal);
    }
}
