using System.Globalization;
using Blackwall.Tests.Tui.Fake;
using Terminal.Gui.Input;
using Xunit;

namespace Blackwall.Tests.Tui;

public sealed class SteeringTests
{
    [Fact]
    public async Task A_million_decisions_are_looked_through_a_page_at_a_time()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Decisions = 1_000_000;
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D2);
        await console.Shows("1 to 100, page 1");
        console.Press(Key.End, Key.CursorDown);
        await console.Shows("101 to 200, page 2");
        Assert.Contains("GET /api/v1/decisions?limit=100&cursor=999901", fake.Asked);
        console.Press(Key.CursorUp);
        await console.Shows("1 to 100, page 1");
        Assert.All(fake.Asked.Where(asked => asked.Contains("decisions", StringComparison.Ordinal)), asked => Assert.Contains("limit=100", asked, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_filter_is_the_appliances_own()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D2);
        await console.Shows("1 to 3");
        console.Type("/");
        console.Type("203.0.113.9");
        console.Press(Key.Tab, Key.CursorRight, Key.Enter);
        await console.Shows("filter: contains 203.0.113.9, origin guard, verdict any");
        await console.Until(() => fake.Asked.Contains("GET /api/v1/decisions?limit=100&contains=203.0.113.9&origin=guard"));
    }

    [Fact]
    public async Task A_block_says_first_what_wins_now_and_is_made_only_when_confirmed()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D2);
        await console.Shows("1 to 3");
        console.Type("b");
        console.Type("203.0.113.9");
        console.Press(Key.Tab, Key.Tab);
        console.Type("1h");
        console.Press(Key.Tab);
        console.Type("scans us");
        console.Press(Key.Enter);
        await console.Shows("drop 203.0.113.9 for 1 h 0 min: do it?");
        Assert.Contains("Now: nothing is decided there", console.Screen, StringComparison.Ordinal);
        Assert.Contains("This appliance knows no dry run", console.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain(fake.Asked, asked => asked.StartsWith("POST /api/v1/decisions", StringComparison.Ordinal) && !asked.EndsWith("/check", StringComparison.Ordinal));
        console.Type("y");
        await console.Shows("Decided: drop 203.0.113.9");
        Assert.Contains(fake.Bodies, body => body is """POST /api/v1/decisions {"scope":"203.0.113.9","verdict":"drop","ttlSeconds":3600,"comment":"scans us"}""");
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_appliances_words()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Instead = async context =>
        {
            bool refuses = context.Request is { Method: "POST", Path.Value: "/api/v1/decisions" };
            await (refuses ? FakeAppliance.Refuse(context, 409, "127.0.0.1 is refused: it overlaps 127.0.0.0/8, loopback.") : Task.CompletedTask);
            return refuses;
        };
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D2);
        await console.Shows("1 to 3");
        console.Type("b");
        console.Type("127.0.0.1");
        console.Press(Key.Enter);
        await console.Shows("Guarded: 127.0.0.0/8 is loopback");
        console.Type("y");
        await console.Shows("127.0.0.1 is refused: it overlaps 127.0.0.0/8, loopback.");
    }

    [Fact]
    public async Task A_dry_run_is_asked_for_where_the_api_knows_it()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.KnowsDryRun = true;
        fake.Instead = async context =>
        {
            bool dry = context.Request.Query.ContainsKey("dryRun");
            await (dry ? FakeAppliance.Refuse(context, 409, "It would block the operator.") : Task.CompletedTask);
            return dry;
        };
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D2);
        await console.Shows("1 to 3");
        console.Type("b");
        console.Type("203.0.113.9");
        console.Press(Key.Enter);
        await console.Shows("It would block the operator.");
        Assert.DoesNotContain("do it?", console.Screen, StringComparison.Ordinal);
        Assert.Contains("POST /api/v1/decisions?dryRun=true", fake.Asked);
    }

    [Fact]
    public async Task A_dry_run_names_the_decision_that_would_win_all_the_same()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.KnowsDryRun = true;
        fake.Instead = async context =>
        {
            bool dry = context.Request.Query.ContainsKey("dryRun");
            if (dry)
            {
                context.Response.StatusCode = 202;
                string winner = System.Text.Json.JsonSerializer.Serialize(fake.DecisionOf(2), Blackwall.Api.ApiJson.Default.DecisionBody);
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "{\"before\":null,\"after\":null,\"winner\":" + winner + "}");
            }

            return dry;
        };
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D4);
        await console.Shows("1 to 3");
        console.Type("a");
        console.Type("203.0.113.9");
        console.Press(Key.Enter);
        await console.Shows("Then: drop 198.18.0.2 (local, port-scan, decision 2) still wins there.");
        Assert.Contains("the appliance would accept it", console.Screen, StringComparison.Ordinal);
        console.Type("y");
        await console.Shows("Decided: drop 203.0.113.9");
    }

    [Fact]
    public async Task A_decision_is_lifted_after_asking_and_not_by_leaving()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D2);
        await console.Shows("1 to 3");
        console.Type("l");
        await console.Shows("Lift drop 198.18.0.3 (local, port-scan, decision 3)?");
        console.Press(Key.Esc);
        await console.ShowsNo("Lift drop");
        Assert.Empty(fake.Lifted);
        console.Type("ly");
        await console.Shows("Lifted decision 3");
        await console.Shows("1 to 2");
        Assert.Equal([3], fake.Lifted.Keys);
    }

    [Fact]
    public async Task A_rule_that_somebody_else_changed_is_reloaded_and_not_overwritten()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D4);
        await console.Shows("1 to 3");
        console.Press(Key.Enter);
        await console.Shows("Change rule 3");
        console.Press(Key.Enter);
        await console.Shows("do it?");
        fake.Tag = "\"v2\"";
        fake.Special[3] = fake.DecisionOf(3) with { Comment = "theirs" };
        console.Type("y");
        await console.Shows("changed meanwhile and is reloaded");
        await console.Shows("theirs");
        console.Press(Key.CursorRight, Key.Enter);
        await console.Shows("rate-limit 198.18.0.3 for");
        console.Type("y");
        await console.Shows("Decided: rate-limit 198.18.0.3");
        Assert.Equal(("rate-limit", "theirs"), (fake.Special[3].Verdict, fake.Special[3].Comment));
    }

    [Fact]
    public async Task A_rule_is_removed_only_as_it_was_read()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        string? condition = null;
        fake.Instead = context =>
        {
            condition = context.Request.Method is "DELETE" ? context.Request.Headers.IfMatch.ToString() : condition;
            return Task.FromResult(false);
        };
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D4);
        await console.Shows("1 to 3");
        console.Type("x");
        await console.Shows("Lift drop 198.18.0.3");
        console.Type("y");
        await console.Shows("Lifted decision 3");
        Assert.Equal("\"v1\"", condition);
    }

    [Fact]
    public async Task Enter_on_a_decision_shows_its_source_with_everything_behind_it()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D2);
        await console.Shows("1 to 3");
        console.Press(Key.CursorDown, Key.Enter);
        string screen = await console.Shows("198.18.0.2 is dropped by decision");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"met by {4711:#,0} packets"), screen, StringComparison.Ordinal);
        Assert.Contains("contacted 20 ports of 1 host", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_typed_is_looked_at()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D3);
        console.Type("g");
        console.Type("127.0.0.1");
        console.Press(Key.Enter);
        await console.Shows("Guarded: 127.0.0.0/8, loopback");
    }
}
