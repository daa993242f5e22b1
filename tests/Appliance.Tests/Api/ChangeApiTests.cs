using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class ChangeApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public ChangeApiTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task<(int Status, JsonNode Body)> Send(HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
        return ((int)response.StatusCode, await ApplianceFactory.JsonOf(response));
    }

    private Verdict? VerdictOf(string address) => _appliance.Board.Effective(Prefix.Parse(address))?.Verdict;

    private static SqliteConnection Database(string folder, string name)
    {
        SqliteConnection connection = new($"Data Source={Path.Combine(folder, name)}.db;Pooling=false");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }

    private static void ReplaceChanges(string folder)
    {
        File.Move(Path.Combine(folder, "decisions.db"), Path.Combine(folder, "blackwall.db"));
        using SqliteConnection store = Database(folder, "blackwall");
        Run(store, $"ATTACH '{Path.Combine(folder, "changes")}.db' AS later");
        Run(store, "DELETE FROM main.change");
        Run(store, "INSERT INTO main.change SELECT * FROM later.change");
    }

    /// <summary>What a process that is killed at this moment leaves, found by the next one.</summary>
    private ApplianceFactory AfterKill()
    {
        ApplianceFactory after = new();
        foreach (string file in Directory.GetFiles(_appliance.Folder, "blackwall.db*").Append(Path.Combine(_appliance.Folder, "admin.key")))
        {
            File.Copy(file, Path.Combine(after.Folder, Path.GetFileName(file)));
        }

        return after;
    }

    [Fact]
    public async Task A_rule_that_was_lifted_while_its_change_is_on_trial_stays_away_over_a_kill_and_the_others_stay()
    {
        (_, JsonNode change) = await Send(HttpMethod.Post, "changes", new { rules = new[] { new { scope = "203.0.113.1", verdict = "drop" }, new { scope = "203.0.113.2", verdict = "drop" } } });
        (int applied, _) = await Send(HttpMethod.Post, $"changes/{(long)change["id"]!}/apply", new { confirmWithinSeconds = 600 });
        Assert.Equal(200, applied);
        using HttpResponseMessage lifted = await _client.DeleteAsync($"rules/{_appliance.Board.Effective(Prefix.Parse("203.0.113.1"))!.Id}", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);

        using ApplianceFactory after = AfterKill();
        using HttpClient client = after.Operator();
        Assert.Null(after.Board.Effective(Prefix.Parse("203.0.113.1")));
        Assert.Equal(Verdict.Drop, after.Board.Effective(Prefix.Parse("203.0.113.2"))!.Verdict);
        JsonNode known = (await client.GetFromJsonAsync<JsonNode>($"changes/{(long)change["id"]!}", Cancellation))!;
        Assert.Equal("trial", (string?)known["state"]);
    }

    [Fact]
    public async Task A_change_that_was_taken_back_is_off_the_board_after_a_kill()
    {
        await Send(HttpMethod.Post, "rules", new { scope = "203.0.113.1", verdict = "rate-limit" });
        (_, JsonNode change) = await Send(HttpMethod.Post, "changes", Change("203.0.113.1"));
        await Send(HttpMethod.Post, $"changes/{(long)change["id"]!}/apply", new { confirmWithinSeconds = 600 });
        (int ended, _) = await Send(HttpMethod.Delete, $"changes/{(long)change["id"]!}");
        Assert.Equal(200, ended);

        using ApplianceFactory after = AfterKill();
        using HttpClient client = after.Operator();
        Assert.Equal(Verdict.RateLimit, after.Board.Effective(Prefix.Parse("203.0.113.1"))!.Verdict);
        Assert.Equal("reverted", (string?)(await client.GetFromJsonAsync<JsonNode>($"changes/{(long)change["id"]!}", Cancellation))!["state"]);
    }

    private static object Change(string scope, string verdict = "drop") => new { rules = new[] { new { scope, verdict } }, comment = "test" };

    [Fact]
    public async Task A_change_decides_nothing_in_shadow_acts_on_trial_and_stays_when_confirmed()
    {
        (int status, JsonNode change) = await Send(HttpMethod.Post, "changes", Change("203.0.113.0/24"));
        Assert.Equal((201, "shadow", 1), (status, (string?)change["state"], (int)change["ruleCount"]!));
        Assert.Null(VerdictOf("203.0.113.9"));

        string path = $"changes/{change["id"]}";
        Assert.Equal(409, (await Send(HttpMethod.Post, $"{path}/confirm")).Status);
        (status, change) = await Send(HttpMethod.Post, $"{path}/apply", new { confirmWithinSeconds = 30 });
        Assert.Equal((200, "trial"), (status, (string?)change["state"]));
        Assert.InRange((DateTimeOffset)change["deadline"]!, TimeProvider.System.GetUtcNow().AddSeconds(20), TimeProvider.System.GetUtcNow().AddSeconds(31));
        Assert.Equal(Verdict.Drop, VerdictOf("203.0.113.9"));

        (status, change) = await Send(HttpMethod.Post, $"{path}/confirm");
        Assert.Equal((200, "confirmed"), (status, (string?)change["state"]));
        Assert.Equal(Verdict.Drop, VerdictOf("203.0.113.9"));
        Assert.Equal(409, (await Send(HttpMethod.Delete, path)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_trial_whose_rules_a_crash_kept_from_the_store_goes_on_with_them(bool isReplacement)
    {
        if (isReplacement)
        {
            await Send(HttpMethod.Post, "rules", new { scope = "203.0.113.0/24", verdict = "rate-limit" });
        }

        await Send(HttpMethod.Post, "rules", new { scope = "198.51.100.1", verdict = "drop" });
        (_, JsonNode change) = await Send(HttpMethod.Post, "changes", new { rules = new[] { new { scope = "203.0.113.0/24", verdict = "drop" } }, remove = new[] { "198.51.100.1" } });
        using ApplianceFactory next = new();
        await CopyAsync("decisions");
        await Send(HttpMethod.Post, $"changes/{change["id"]}/apply", new { confirmWithinSeconds = 60 });
        await CopyAsync("changes");
        ReplaceChanges(next.Folder);
        File.Copy(Path.Combine(_appliance.Folder, "admin.key"), Path.Combine(next.Folder, "admin.key"));

        using HttpClient client = next.Operator();
        using HttpResponseMessage confirmed = await client.PostAsync($"changes/{change["id"]}/confirm", null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        Assert.Equal(Verdict.Drop, next.Board.Effective(Prefix.Parse("203.0.113.9"))?.Verdict);
        Assert.Null(next.Board.Effective(Prefix.Parse("198.51.100.1")));

        async Task CopyAsync(string name)
        {
            await _appliance.Services.GetRequiredService<StoreQueue>().FlushAsync(durable: true, Cancellation);
            using SqliteConnection from = Database(_appliance.Folder, "blackwall");
            Run(from, $"VACUUM INTO '{Path.Combine(next.Folder, name)}.db'");
        }
    }

    [Fact]
    public async Task A_change_that_is_taken_back_leaves_what_was_before()
    {
        await Send(HttpMethod.Post, "rules", new { scope = "203.0.113.9", verdict = "rate-limit" });
        (_, JsonNode change) = await Send(HttpMethod.Post, "changes", new { rules = new[] { new { scope = "203.0.113.9", verdict = "drop" }, new { scope = "203.0.113.10", verdict = "drop" } } });
        await Send(HttpMethod.Post, $"changes/{change["id"]}/apply", new { });
        Assert.Equal((Verdict.Drop, Verdict.Drop), (VerdictOf("203.0.113.9"), VerdictOf("203.0.113.10")));
        (int status, change) = await Send(HttpMethod.Delete, $"changes/{change["id"]}");
        Assert.Equal((200, "reverted"), (status, (string?)change["state"]));
        Assert.Equal((Verdict.RateLimit, null), (VerdictOf("203.0.113.9"), VerdictOf("203.0.113.10")));

        JsonNode listed = (await Send(HttpMethod.Get, "changes")).Body["items"]![0]!;
        Assert.Equal(("reverted", "admin"), ((string?)listed["state"], (string?)listed["actor"]));
    }

    [Fact]
    public async Task One_change_is_open_at_a_time()
    {
        (_, JsonNode first) = await Send(HttpMethod.Post, "changes", Change("203.0.113.1"));
        (int status, JsonNode problem) = await Send(HttpMethod.Post, "changes", Change("203.0.113.2"));
        Assert.Equal(409, status);
        Assert.Contains($"Change {first["id"]} is still open", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal("discarded", (string?)(await Send(HttpMethod.Delete, $"changes/{first["id"]}")).Body["state"]);
        Assert.Equal(201, (await Send(HttpMethod.Post, "changes", Change("203.0.113.2"))).Status);
    }

    [Fact]
    public async Task A_change_that_would_lock_the_caller_out_is_refused_with_the_rule_and_the_reason()
    {
        using HttpClient remote = _appliance.Operator("198.51.100.7");
        Assert.Equal(HttpStatusCode.OK, (await remote.GetAsync("stats", Cancellation)).StatusCode);
        using HttpResponseMessage response = await remote.PostAsJsonAsync("changes", new { rules = new[] { new { scope = "203.0.113.1", verdict = "drop" }, new { scope = "198.51.100.0/24", verdict = "redirect" } } }, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("a client of the management API", (string)(await ApplianceFactory.JsonOf(response))["errors"]!["rules[1]"]![0]!, StringComparison.Ordinal);
        Assert.Empty((await Send(HttpMethod.Get, "changes")).Body["items"]!.AsArray());
    }

    [Fact]
    public async Task A_dry_run_says_what_overrules_a_rule_and_keeps_nothing()
    {
        await Send(HttpMethod.Post, "rules", new { scope = "203.0.113.0/24", verdict = "pass" });
        (int status, JsonNode change) = await Send(HttpMethod.Post, "changes?dryRun=true", new { rules = new[] { new { scope = "203.0.113.0/25", verdict = "pass" } }, remove = new[] { "203.0.113.0/24" } });
        Assert.Equal((202, null), (status, change["id"]));
        (status, change) = await Send(HttpMethod.Post, "changes?dryRun=true", Change("203.0.113.4"));
        Assert.Equal(409, status);
        Assert.Contains("allow rule", (string)change["errors"]!["rules[0]"]![0]!, StringComparison.Ordinal);
        Assert.Empty((await Send(HttpMethod.Get, "changes")).Body["items"]!.AsArray());
    }

    [Theory]
    [InlineData("{}", 422, "rules")]
    [InlineData("{\"rules\":[{\"scope\":\"203.0.113.1\"}]}", 422, "rules[0].verdict")]
    [InlineData("{\"rules\":[{\"scope\":\"203.0.113.1/24\",\"verdict\":\"drop\"}]}", 422, "rules[0].scope")]
    [InlineData("{\"rules\":[null]}", 422, "rules[0].scope")]
    [InlineData("{\"remove\":[\"nowhere\"]}", 422, "remove[0]")]
    [InlineData("{\"remove\":[null]}", 422, "remove[0]")]
    [InlineData("{\"mode\":\"off\"}", 422, "mode")]
    [InlineData("{\"remove\":[\"203.0.113.77\"]}", 409, "remove[0]")]
    [InlineData("{\"rules\":[{\"scope\":\"203.0.113.1\",\"verdict\":\"drop\"},{\"scope\":\"203.0.113.1\",\"verdict\":\"pass\"}]}", 409, "rules[1]")]
    public async Task What_is_wrong_with_a_change_is_named(string body, int expected, string field)
    {
        using HttpResponseMessage response = await _client.PostAsync("changes", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(expected, (int)response.StatusCode);
        Assert.True((await ApplianceFactory.JsonOf(response))["errors"]!.AsObject().ContainsKey(field));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(3601)]
    [InlineData(-1)]
    public async Task The_time_to_confirm_has_a_range(int seconds)
    {
        (_, JsonNode change) = await Send(HttpMethod.Post, "changes", Change("203.0.113.1"));
        (int status, JsonNode problem) = await Send(HttpMethod.Post, $"changes/{change["id"]}/apply", new { confirmWithinSeconds = seconds });
        Assert.Equal(422, status);
        Assert.Contains("5..3600", (string)problem["errors"]!["confirmWithinSeconds"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_the_mode_needs_a_wall()
    {
        Assert.Equal(404, (await Send(HttpMethod.Get, "changes/7")).Status);
        Assert.Equal(404, (await Send(HttpMethod.Post, "changes/7/apply", new { })).Status);
        Assert.Equal(404, (await Send(HttpMethod.Post, "changes/7/confirm")).Status);
        Assert.Equal(404, (await Send(HttpMethod.Delete, "changes/7")).Status);
        (int status, JsonNode problem) = await Send(HttpMethod.Post, "changes", new { mode = "enforce" });
        Assert.Equal(409, status);
        Assert.Contains("network.mode off", (string)problem["detail"]!, StringComparison.Ordinal);
    }
}
