using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Board;
using Blackwall.Api.Auditing;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class AuditApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public AuditApiTests() => _client = _appliance.Operator("198.51.100.7");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private async Task<List<JsonNode>> Audit(string query = "") =>
        [.. (await _client.GetFromJsonAsync<JsonNode>($"audit?{query}", Cancellation))!["items"]!.AsArray().Select(item => item!)];

    private async Task<JsonNode> Verify() => (await _client.GetFromJsonAsync<JsonNode>("audit/verify", Cancellation))!;

    private void Tamper(string sql)
    {
        using SqliteConnection connection = _appliance.Services.GetRequiredService<Database>().OpenWriter();
        Database.Run(connection, sql);
    }

    [Fact]
    public async Task What_was_changed_is_there_with_before_and_after_when_the_answer_comes()
    {
        JsonNode rule = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("rules", new { scope = "203.0.113.9", verdict = "drop", comment = "first" }, Cancellation));
        await _client.PostAsJsonAsync("rules", new { scope = "203.0.113.9", verdict = "pass" }, Cancellation);
        await _client.DeleteAsync($"rules/{rule["id"]}", Cancellation);
        List<JsonNode> entries = await Audit();
        Assert.Equal(["removeRule", "createRule", "createRule"], entries.Select(e => (string)e["action"]!));
        Assert.All(entries, e => Assert.Equal(("admin", "198.51.100.7"), ((string?)e["actor"], (string?)e["remote"])));
        Assert.Equal((true, true), ((bool)entries[2]["after"]!["enforced"]!, (bool)entries[2]["after"]!["stored"]!));
        Assert.Equal((null, "drop", 201), ((string?)entries[2]["before"]?["verdict"], (string?)entries[2]["after"]!["verdict"], (int)entries[2]["status"]!));
        Assert.Equal(("drop", "first", "pass"), ((string?)entries[1]["before"]!["verdict"], (string?)entries[1]["before"]!["comment"], (string?)entries[1]["after"]!["verdict"]));
        Assert.Equal(("pass", null), ((string?)entries[0]["before"]!["verdict"], (string?)entries[0]["after"]?["verdict"]));
        Assert.True((bool)(await Verify())["intact"]!);
    }

    [Fact]
    public async Task What_was_refused_is_there_too_and_what_was_only_asked_is_not()
    {
        HttpResponseMessage lockOut = await _client.PostAsJsonAsync("rules", new { scope = "198.51.100.0/24", verdict = "drop" }, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, lockOut.StatusCode);
        JsonNode key = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("keys", new { name = "reader", role = "viewer" }, Cancellation));
        using HttpClient reader = _appliance.Stranger("198.51.100.8", (string)key["secret"]!);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.DeleteAsync("rules/1", Cancellation)).StatusCode);
        await reader.GetAsync("decisions", Cancellation);
        await _client.GetAsync("health/live", Cancellation);
        await _client.GetAsync("health/ready", Cancellation);
        await _client.PostAsJsonAsync("decisions/check", new { addresses = new[] { "203.0.113.9" } }, Cancellation);
        await _client.PostAsJsonAsync("rules?dryRun=true", new { scope = "203.0.113.9", verdict = "drop" }, Cancellation);

        List<JsonNode> refused = await Audit("refused=true");
        Assert.Equal([("removeRule", 403, "reader"), ("createRule", 409, "admin")], refused.Select(e => ((string)e["action"]!, (int)e["status"]!, (string)e["actor"]!)));
        Assert.Contains("198.51.100.7", (string)refused[1]["detail"]!, StringComparison.Ordinal);
        Assert.Contains("rules:write", (string)refused[0]["detail"]!, StringComparison.Ordinal);
        Assert.Equal(["createKey"], (await Audit("refused=false")).Select(e => (string)e["action"]!));
        Assert.Equal(["removeRule"], (await Audit("actor=reader")).Select(e => (string)e["action"]!));
        Assert.DoesNotContain((string)key["secret"]!, await _client.GetStringAsync("audit/export", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_polls_what_people_sent_leaves_one_entry_and_each_other_reader_one_of_its_own()
    {
        JsonNode key = await ApplianceFactory.JsonOf(await _client.PostAsJsonAsync("keys", new { name = "poller", role = "operator" }, Cancellation));
        using HttpClient poller = _appliance.Stranger("198.51.100.8", (string)key["secret"]!);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await poller.GetAsync($"sessions?limit={i + 1}", Cancellation)).StatusCode);
        }

        await _client.GetAsync("sessions", Cancellation);
        Assert.Equal(["admin", "poller"], (await Audit("action=listSessions")).Select(e => (string)e["actor"]!));
    }

    [Fact]
    public async Task Pages_and_the_export_tell_every_entry_once()
    {
        for (int i = 1; i <= 25; i++)
        {
            await _client.PostAsJsonAsync("rules", new { scope = $"203.0.113.{i}", verdict = "drop" }, Cancellation);
        }

        List<long> seen = [];
        for (string? cursor = ""; cursor is not null;)
        {
            JsonNode page = (await _client.GetFromJsonAsync<JsonNode>($"audit?limit=10&cursor={cursor}", Cancellation))!;
            seen.AddRange(page["items"]!.AsArray().Select(i => (long)i!["sequence"]!));
            cursor = (string?)page["nextCursor"];
        }

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => (long)i), seen);
        HttpResponseMessage export = await _client.GetAsync("audit/export", Cancellation);
        Assert.Equal("application/x-ndjson", export.Content.Headers.ContentType!.MediaType);
        string[] lines = (await export.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(seen, lines.Select(line => (long)JsonNode.Parse(line)!["sequence"]!));
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'nobody' WHERE seq = 3", 3)]
    [InlineData("UPDATE audit SET after = NULL WHERE seq = 2", 2)]
    [InlineData("DELETE FROM audit WHERE seq = 2", 3)]
    [InlineData("DELETE FROM audit WHERE seq = 1", 2)]
    [InlineData("UPDATE audit SET hash = zeroblob(32) WHERE seq = 5", 5)]
    public async Task A_changed_or_missing_entry_is_found(string sql, int brokenAt)
    {
        for (int i = 1; i <= 5; i++)
        {
            await _client.PostAsJsonAsync("rules", new { scope = $"203.0.113.{i}", verdict = "drop" }, Cancellation);
        }

        JsonNode before = await Verify();
        Assert.Equal((true, 1, 5), ((bool)before["intact"]!, (int)before["first"]!, (int)before["last"]!));
        Tamper(sql);
        JsonNode after = await Verify();
        Assert.Equal((false, brokenAt), ((bool)after["intact"]!, (int)after["brokenAt"]!));
    }

    [Fact]
    public async Task Old_entries_are_forgotten_and_the_rest_still_proves_itself()
    {
        await _client.GetAsync("stats", Cancellation);
        AuditStore store = _appliance.Services.GetRequiredService<AuditStore>();
        for (int i = 0; i < 10; i++)
        {
            DateTimeOffset time = DateTimeOffset.UnixEpoch.AddDays(i);
            Append([.. Enumerable.Range(0, 10).Select(n => new AuditEntry(time, "admin", 1, "", "createRule", $"/{i}/{n}", 201, null, null, null, "t"))], long.MinValue, 25);
        }

        ChainReport report = store.Verify();
        Assert.Equal((true, 76L, 100L), (report.Intact, report.First, report.Last));
        Append([new AuditEntry(DateTimeOffset.UnixEpoch.AddDays(20), "admin", 1, "", "x", "", 200, null, null, null, "t")], DateTimeOffset.UnixEpoch.AddDays(9).ToUnixTimeMilliseconds(), 1000);
        report = store.Verify();
        Assert.Equal((true, 91L, 101L), (report.Intact, report.First, report.Last));
        Tamper("DELETE FROM audit WHERE seq = 91");
        Assert.False(store.Verify().Intact);
    }

    private void Append(IReadOnlyList<AuditEntry> entries, long oldest, int maxRows) =>
        _appliance.Services.GetRequiredService<StoreQueue>().WriteAsync(transaction => AuditStore.Append(transaction, entries, oldest, maxRows)).GetAwaiter().GetResult();

    [Fact]
    public async Task A_hundred_writers_at_once_are_all_answered_enforced_and_in_the_log()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _client.PostAsJsonAsync("rules", new { scope = $"203.0.113.{i + 1}", verdict = "drop" }, Cancellation)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Equal(100, new BoardStats(_appliance.Board).Read()["ofOperator"]);
        List<JsonNode> entries = await Audit("limit=1000");
        Assert.Equal(100, entries.Select(e => (string)e["after"]!["scope"]!).Distinct(StringComparer.Ordinal).Count());
        Assert.True((bool)(await Verify())["intact"]!);
    }
}
