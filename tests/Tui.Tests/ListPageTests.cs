using System.Text.Json;
using Blackwall.Tests.Tui.Fake;
using Blackwall.Tui.Widgets;
using Microsoft.AspNetCore.Http;
using Terminal.Gui.Input;
using Xunit;

namespace Blackwall.Tests.Tui;

/// <summary>The lists of sources, changes, captures and audit entries, and what was told before the console came.</summary>
public sealed class ListPageTests
{
    private static readonly object[] s_sources =
    [
        new { address = "203.0.113.9", phase = "suspicious", suspicion = 0.4, proven = true, packets = 120, firstSeen = FakeAppliance.Noon, lastSeen = FakeAppliance.Noon, verdict = "pass", decisionId = (int?)null },
        new { address = "198.51.100.4", phase = "blocked", suspicion = 0.97, proven = true, packets = 9000, firstSeen = FakeAppliance.Noon, lastSeen = FakeAppliance.Noon, verdict = "drop", decisionId = 17 },
        new { address = "2001:db8::7", place = new { country = "NL", asn = 64500, organisation = "Example" }, phase = "new", suspicion = 0.0, proven = false, packets = 3, firstSeen = FakeAppliance.Noon, lastSeen = FakeAppliance.Noon, verdict = "pass", decisionId = (int?)null },
    ];

    [Fact]
    public async Task Sources_are_listed_filtered_sorted_walked_with_j_and_k_and_opened()
    {
        await using FakeAppliance fake = await StartAsync(("/api/v1/sources", new { items = s_sources }));
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D3);
        await console.Shows("198.51.100.4");
        await console.Shows("NL AS64500");
        console.Type("t");
        console.Time.Advance(TimeSpan.FromSeconds(2));
        await console.Shows("by packets");
        Assert.Contains(fake.Asked, asked => asked.Contains("sort=packets", StringComparison.Ordinal));
        console.Type("j");
        await console.Shows("198.51.100.4 is blocked, suspicion 0.97");
        console.Type("k");
        await console.Shows("203.0.113.9 is suspicious");
        console.Type(">");
        await console.Shows("by address");
        Assert.True(RowOf(console, "198.51.100.4") < RowOf(console, "203.0.113.9"));
        console.Type("<");
        await console.Shows("largest first");
        Assert.True(RowOf(console, "203.0.113.9") < RowOf(console, "198.51.100.4"));
        console.Type("/");
        console.Type("block");
        console.Press(Key.Enter);
        await console.Shows("filter: 'block'");
        await console.ShowsNo("2001:db8::7");
        console.Press(Key.Enter);
        await console.Shows("198.51.100.4  as of");
        console.Type("u");
        await console.Shows("ADDRESS");
    }

    [Fact]
    public async Task Sinks_are_listed_with_what_fails_and_tested_from_the_console()
    {
        object sink = new
        {
            name = "splunk", kind = "hec", url = "https://splunk.example:8088", format = "hec", enabled = true, hasToken = true, index = (string?)null, sourceType = (string?)null, acknowledge = true, minSeverity = 0,
            kinds = Array.Empty<string>(), caCertificate = (string?)null, state = "retrying", sent = 41, refused = 2, missed = 0, behind = 7, failures = 3, lastError = "503 Server is busy (code 9)", lastSent = FakeAppliance.Noon,
        };
        await using FakeAppliance fake = await StartAsync(("/api/v1/sinks", new { items = new[] { sink } }), ("/api/v1/sinks/splunk/test", new { delivered = false, error = "connection refused", eventId = "log-test-1" }));
        using ConsoleOnScreen console = new(fake.Api, width: 140);
        console.Press(Key.D0);
        await console.Shows("https://splunk.example:8088");
        await console.Shows("Server is busy (code 9)");
        await console.Shows("'blackwall sinks refused splunk'");
        console.Press(Key.Enter);
        await console.Shows("did not take the event: connection refused");
    }

    [Fact]
    public async Task What_the_mesh_reports_is_listed_and_refuted_only_by_a_typed_yes()
    {
        object vote = new { reporter = "12D3KooWAbcdefgh", against = false, evidence = "handshake", reason = "brute-force", seen = FakeAppliance.Noon, received = FakeAppliance.Noon, expires = FakeAppliance.Noon.AddHours(1), indicatorId = "i", weight = 0.5, counted = 0.4 };
        object indicator = new { value = "203.0.113.9", kind = "ipv4", action = "limit", until = FakeAppliance.Noon.AddHours(1), weight = 1.25, against = 0.0, networks = 3, veterans = 2, members = 0, seenHere = (string?)null, told = (string?)null, says = (string?)null, reason = "brute-force", pattern = "[ipv4-addr:value = '203.0.113.9']", votes = new[] { vote } };
        await using FakeAppliance fake = await StartAsync(("/api/v1/mesh/indicators", new { items = new[] { indicator } }));
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Type("M");
        await console.Shows("3 networks, 2 veterans, 0 members say so");
        await console.Shows("12D3KooWAbcd brute-force");
        console.Type("f");
        console.Type("no");
        console.Press(Key.Enter);
        await console.ShowsNo("is refuted");
        Assert.DoesNotContain(fake.Asked, asked => asked.Contains("refutation", StringComparison.Ordinal));
        console.Type("f");
        console.Type("yes");
        console.Press(Key.Enter);
        await Task.Run(async () =>
        {
            while (!fake.Asked.Any(asked => asked.Contains("refutation", StringComparison.Ordinal)))
            {
                console.Time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Feeds_are_listed_with_what_waits_and_tried_and_accepted_from_the_console()
    {
        object run = new
        {
            time = FakeAppliance.Noon, outcome = "dry-run", sentence = "Nothing has changed: this is what would.", entries = 812, added = 7, removed = 5, invalid = 0, skipped = 0, refused = 1, excepted = 0, bytes = 9000, milliseconds = 12,
            invalidSamples = Array.Empty<string>(), refusedSamples = Array.Empty<string>(), impact = new { sources = 9, users = 4, agreeing = new Dictionary<string, int>(StringComparer.Ordinal), samples = Array.Empty<object>() },
        };
        object feed = new
        {
            name = "level1", url = "https://lists.example/level1.netset", format = "plain", field = "", kind = "attackers", action = "drop", score = 50, intervalSeconds = 3600, enabled = true, reserved = Array.Empty<string>(),
            hasToken = false, header = "Authorization", caCertificate = (string?)null, state = "held", entries = 800, claims = 799, ageSeconds = 60, lastSuccess = FakeAppliance.Noon, lastAttempt = FakeAppliance.Noon, failures = 0,
            lastError = (string?)null, held = "The list would stop 9 sources.", lastRun = (object?)null,
        };
        await using FakeAppliance fake = await StartAsync(("/api/v1/feeds", new { items = new[] { feed }, catalogue = Array.Empty<object>() }), ("/api/v1/feeds/level1/refresh", run));
        using ConsoleOnScreen console = new(fake.Api, width: 160);
        console.Type("F");
        await console.Shows("https://lists.example/level1.netset");
        await console.Shows("Waits for you: The list would stop 9 sources.");
        console.Press(Key.Enter);
        await console.Shows("level1: dry-run");
        await console.Shows("7 added, 5 removed. Of your sources it holds 9, 4 of them ordinary users.");
        Assert.Contains(fake.Asked, asked => asked.Contains("level1/refresh?dryRun=true", StringComparison.Ordinal));
        Assert.DoesNotContain(fake.Asked, asked => asked.Contains("accept=true", StringComparison.Ordinal));
        console.Type("y");
        while (!fake.Asked.Any(asked => asked.Contains("level1/refresh?accept=true", StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Enforcement_is_tried_and_confirmed_from_the_page_of_changes()
    {
        object Change(string state) => new
        {
            id = 4,
            state,
            mode = "enforce",
            ruleCount = 0,
            removeCount = 0,
            rules = Array.Empty<object>(),
            remove = Array.Empty<string>(),
            sources = Array.Empty<object>(),
            actor = "admin",
            created = FakeAppliance.Noon,
            deadline = FakeAppliance.Noon.AddSeconds(60),
            wouldDrop = (int?)null,
            comment = (string?)null,
            ended = (string?)null,
            outcome = (string?)null,
            note = (string?)null,
        };
        string now = "none";
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Instead = async context =>
        {
            now = (context.Request.Method, context.Request.Path.Value) switch
            {
                ("POST", "/api/v1/changes") => "shadow",
                ("POST", "/api/v1/changes/4/apply") => "trial",
                ("POST", "/api/v1/changes/4/confirm") => "confirmed",
                _ => now,
            };
            if (context.Request.Path.StartsWithSegments("/api/v1/changes", StringComparison.Ordinal))
            {
                bool isList = context.Request.Method is "GET";
                await WriteAsync(context, isList ? new { items = now is "none" ? Array.Empty<object>() : [Change(now)] } : Change(now));
                return true;
            }

            return false;
        };
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D7);
        await console.Shows("Nothing was changed yet.");
        console.Type("y");
        await console.Shows("No change is on trial.");
        console.Type("e");
        await console.Shows("on trial; reverts at 12:01:00Z unless confirmed");
        console.Time.Advance(TimeSpan.FromSeconds(2));
        await console.Shows("+0 -0");
        console.Type("y");
        await console.Shows("mode enforce, confirmed.");
        Assert.Equal("confirmed", now);
    }

    [Fact]
    public async Task Captures_and_audit_entries_are_listed_and_hostile_text_is_harmless()
    {
        await using FakeAppliance fake = await StartAsync(
            ("/api/v1/captures", new { items = new[] { new { id = 12, address = "203.0.113.7", cause = "decision", actor = "appliance", started = FakeAppliance.Noon, until = FakeAppliance.Noon.AddMinutes(1), ended = (string?)null, outcome = (string?)null, packets = 42, bytes = 4200, files = 1, decisions = new[] { 17 } } } }),
            ("/api/v1/audit", new { items = new[] { new { sequence = 3, time = FakeAppliance.Noon, actor = "admin", keyId = 1, remote = "192.0.2.1", action = "createRule", subject = "/api/v1/rules\u001b[2J\u202e", status = 201, detail = (string?)null, traceId = "t", hash = "h" } } }));
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D8);
        await console.Shows("blackwall capture-file 12 >FILE");
        console.Press(Key.D9);
        await console.Shows("createRule");
        Assert.DoesNotContain(console.Screen, c => c is '\u001b' or '\u202e');
    }

    [Fact]
    public async Task What_was_told_before_the_console_came_is_there_when_it_opens()
    {
        await using FakeAppliance fake = await StartAsync(("/api/v1/events/history", new
        {
            items = new object[]
            {
                new { id = "x-8", time = FakeAppliance.Noon, kind = "status", version = 1, data = new { @interface = "eth0", mode = "enforce", generation = 9, adopted = false } },
                new { id = "x-7", time = FakeAppliance.Noon, kind = "gap", version = 1, data = new { missed = 77 } },
            },
        }));
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D5);
        await console.Shows("77 events were missed");
        Assert.True(RowOf(console, "eth0: enforce") < RowOf(console, "77 events were missed"));
    }

    [Fact]
    public async Task A_page_of_decisions_is_searched_and_sorted()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D2);
        await console.Shows("198.18.0.2 ");
        Assert.True(RowOf(console, "198.18.0.3 ") < RowOf(console, "198.18.0.1 "));
        console.Type(">");
        await console.Shows("by id");
        Assert.True(RowOf(console, "198.18.0.1 ") < RowOf(console, "198.18.0.3 "));
        console.Type("f");
        console.Type(".0.2");
        console.Press(Key.Enter);
        await console.ShowsNo("198.18.0.1 ");
        Assert.Contains("198.18.0.2", console.Screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, new[] { 30, 12, 156 })]
    [InlineData(44, new[] { 20, 10, 12 })]
    [InlineData(30, new[] { 17, 0, 12 })]
    [InlineData(12, new[] { 15, 0, 0 })]
    public void Columns_fold_when_there_is_no_room_and_grow_when_there_is(int room, int[] expected) =>
        Assert.Equal(expected, GridLayout.Widths([15, 10, 0], [0, 2, 1], [30, 12, 40], room));

    private static int RowOf(ConsoleOnScreen console, string text) => Array.FindIndex(console.Rows, row => row.Contains(text, StringComparison.Ordinal));

    private static async Task<FakeAppliance> StartAsync(params (string Path, object Answer)[] answers)
    {
        FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Instead = async context =>
        {
            (string Path, object Answer) found = Array.Find(answers, answer => string.Equals(answer.Path, context.Request.Path, StringComparison.Ordinal));
            if (found.Answer is null)
            {
                return false;
            }

            await WriteAsync(context, found.Answer);
            return true;
        };
        return fake;
    }

    private static Task WriteAsync(HttpContext context, object answer)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(answer));
    }
}
