using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>Times, tables and misspelled words.</summary>
public sealed class WordsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("1h30m", 5400)]
    [InlineData("7d", 604_800)]
    [InlineData("1d2h3m4s", 93_784)]
    [InlineData("315360000s", 315_360_000)]
    public void A_length_of_time_is_read(string text, long seconds)
    {
        Assert.True(Duration.TryParse(text, out long read));
        Assert.Equal(seconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("1w")]
    [InlineData("1 h")]
    [InlineData("315360001s")]
    [InlineData("99999999999999999999d")]
    [InlineData("999999999d")]
    [InlineData("never")]
    public void What_is_no_length_of_time_is_not(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(5400, "1h30m")]
    [InlineData(5405, "1h30m")]
    [InlineData(3605, "1h")]
    [InlineData(93_784, "1d2h")]
    public void A_length_of_time_is_told_as_it_is_typed(long seconds, string text) => Assert.Equal(text, Duration.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Ends_are_told_with_how_long_it_is_until_then()
    {
        Assert.Equal("never", Moment.Until(null, Noon));
        Assert.Equal("12:42:00Z (in 42m)", Moment.Until(Noon.AddMinutes(42), Noon));
        Assert.Equal("2026-12-07 12:00:00Z (in 7d)", Moment.Until(Noon.AddDays(7), Noon));
        Assert.Equal("11:57:00Z (3m ago)", Moment.Ago(Noon.AddMinutes(-3), Noon, "-"));
    }

    [Theory]
    [InlineData("blok", "block")]
    [InlineData("enfroce", "enforce")]
    [InlineData("stat", "status")]
    [InlineData("zzzz", null)]
    [InlineData("x", null)]
    public void The_nearest_word_is_found_when_it_is_near(string written, string? near) =>
        Assert.Equal(near, NearestWord.Find(written, ["status", "block", "enforce", "run"]));

    [Fact]
    public void A_table_without_a_terminal_has_one_line_a_row_and_cuts_nothing()
    {
        Table table = new("A", "B");
        table.Add("1", new string('x', 300));
        StringWriter output = new();
        table.WriteTo(output);
        Assert.Equal($"A  B\n1  {new string('x', 300)}\n", output.ToString());
    }

    [Fact]
    public void A_table_folds_to_the_terminal_and_cuts_nothing()
    {
        Table table = new("ID", "COMMENT");
        table.Add("7", "a comment that is longer than the terminal is wide");
        StringWriter output = new();
        table.WriteTo(output, 30);
        Assert.Equal("ID  COMMENT\n7   a comment that is longer\n    than the terminal is wide\n", output.ToString());
    }

    [Fact]
    public void A_terminal_too_narrow_for_columns_gets_a_line_for_each_cell()
    {
        Table table = new("ID", "SCOPE", "COMMENT");
        table.Add("7", "203.0.113.0/24", "");
        table.Add("8", "2001:db8:1:2:3:4:5:6", "scans us");
        StringWriter output = new();
        table.WriteTo(output, 24);
        Assert.Equal("ID       7\nSCOPE    203.0.113.0/24\n\nID       8\nSCOPE    2001:db8:1:2:3:\n         4:5:6\nCOMMENT  scans us\n", output.ToString());
        Assert.All(output.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 24));
    }
}
