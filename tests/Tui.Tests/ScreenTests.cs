using System.Text;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Client;
using Blackwall.Health;
using Blackwall.Tests.Tui.Fake;
using Terminal.Gui.Drawing;
using Terminal.Gui.Input;
using Xunit;

namespace Blackwall.Tests.Tui;

public sealed class ScreenTests
{
    private const string Hostile = "a\u001b[2J\u009b31m\u0007b\u202ec\u2066d\u200fe\rf\u0000g\ud800h";

    [Fact]
    public void Text_from_outside_has_no_control_left() => Assert.Equal("a?[2J?31m?b?c?d?e?f?g\ufffdh i j", PlainText.Clean(Hostile + " i\nj"));

    [Fact]
    public void Endless_text_and_stacked_marks_are_cut()
    {
        Assert.Equal(PlainText.Longest + 1, PlainText.Clean(new string('a', 100_000)).Length);
        Assert.Equal("e\u0301\u0301", PlainText.Clean("e" + new string('\u0301', 50)));
    }

    [Fact]
    public async Task What_an_attacker_wrote_cannot_reach_the_terminal_as_a_control()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Special[3] = fake.DecisionOf(3) with { Comment = Hostile, Actor = Hostile, Reason = Hostile };
        fake.Health = new HealthBody("degraded", new Dictionary<string, string>(StringComparer.Ordinal) { [Hostile] = Hostile });
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        await console.Until(() => fake.Streams == 1);
        fake.Tell("x-1", "evidence", new EvidenceBody(1, "198.51.100.9", Hostile, "application", 1, FakeAppliance.Noon, Hostile), ApiJson.Default.EvidenceBody);
        fake.TellRaw($"event: \u202e\u001b[2J\ndata: \"{"\u202e"}\"\n\n");
        await console.Shows("degraded");
        await console.Shows("a?[2J");
        foreach (Key page in new[] { Key.D1, Key.D2, Key.D5 })
        {
            console.Press(page);
            await console.Shows("a?[2J");
            Assert.DoesNotContain(console.Screen.EnumerateRunes(), rune => rune.Value is not '\n' && (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format));
        }
    }

    [Fact]
    public async Task Pages_keys_and_rows_can_be_clicked()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api);
        await console.Shows("live");
        console.Click("Decisions");
        await console.Shows("1 to 3");
        console.Click("198.18.0.2 ");
        console.Click("Lift");
        await console.Shows("Lift drop 198.18.0.2");
        console.Click("Leave");
        await console.ShowsNo("Lift drop");
        console.Click("198.18.0.1 ", twice: true);
        await console.Shows("198.18.0.1 is dropped by decision");
    }

    [Fact]
    public async Task Help_lists_the_keys_of_the_page_and_closes()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api);
        console.Press(Key.D2);
        console.Type("?");
        await console.Shows("Takes the chosen decision away, after asking.");
        console.Press(Key.Esc);
        await console.ShowsNo("Takes the chosen decision away");
    }

    [Fact]
    public async Task A_narrow_terminal_folds_columns_a_wide_one_cuts_nothing_and_a_tiny_one_gets_a_sentence()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api, width: 44, height: 18);
        console.Press(Key.D2);
        await console.Shows("198.18.0.1 ");
        Assert.Contains("drop", console.Screen, StringComparison.Ordinal);
        console.Resize(200, 40);
        await console.Shows("REASON");
        Assert.DoesNotContain("…", console.Screen, StringComparison.Ordinal);
        console.Resize(15, 5);
        await console.Shows("Make this term");
        console.Resize(132, 40);
        await console.ShowsNo("Make this");
        await console.Shows("Overview");
        Assert.Equal(40, console.Rows.Length);
    }

    [Fact]
    public async Task Without_colours_there_are_none()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Stats = fake.Stats with { Wall = fake.Stats.Wall with { Fault = "The interface is gone." } };
        using ConsoleOnScreen console = new(fake.Api, colour: false);
        await console.Shows("The interface is gone.");
        Assert.All(console.Cells, cell => Assert.True(cell.Attribute is not { } look || (look.Foreground == Color.None && look.Background == Color.None)));
    }

    [Theory]
    [InlineData("--api http://192.0.2.1:9470", "in clear")]
    [InlineData("--api ftp://192.0.2.1", "write http://")]
    [InlineData("--api", "needs a value")]
    [InlineData("--fast", "is not an option")]
    public void What_is_not_understood_is_said(string line, string sentence)
    {
        Assert.Null(Blackwall.Tui.TuiLine.TryParse(line.Split(' '), _ => null, out string? error));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_win_over_the_environment()
    {
        string? environment(string name) => name switch
        {
            "BLACKWALL_API" => "https://192.0.2.7:9470",
            "BLACKWALL_KEY" => "bw_key",
            "NO_COLOR" => "1",
            _ => null,
        };
        Blackwall.Tui.TuiLine line = Blackwall.Tui.TuiLine.TryParse([], environment, out _)!;
        Assert.Equal((new Uri("https://192.0.2.7:9470"), "bw_key", false), (line.Api, line.ReadKey(out _), line.Colour));
        line = Blackwall.Tui.TuiLine.TryParse(["--api=http://127.0.0.1:1", "--key-file", "/nowhere/key"], environment, out _)!;
        Assert.Equal(new Uri("http://127.0.0.1:1"), line.Api);
        Assert.Null(line.ReadKey(out string? error));
        Assert.Contains("--key-file", error, StringComparison.Ordinal);
    }
}
