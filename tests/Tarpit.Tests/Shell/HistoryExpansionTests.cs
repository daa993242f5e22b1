using Blackwall.Tarpit.Shell.Prompting;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>History expansion as bash 5.2 does it in a pty.</summary>
public sealed class HistoryExpansionTests
{
    [Theory]
    [InlineData("echo !!", "echo echo x y z")]
    [InlineData("echo !$", "echo z")]
    [InlineData("echo !^", "echo x")]
    [InlineData("echo !*", "echo x y z")]
    [InlineData("!-2", "ls /a/b.tar.gz")]
    [InlineData("!1", "echo a b c")]
    [InlineData("!ls:$:h", "/a")]
    [InlineData("echo !ls:$:t !ls:1:r !ls:1:e", "echo b.tar.gz /a/b.tar .gz")]
    [InlineData("!?b c?:2", "b")]
    [InlineData("!!:s/echo/echo Z/", "echo Z x y z")]
    [InlineData("!!:gs/e/E/", "Echo x y z")]
    [InlineData("^echo^printf^", "printf x y z")]
    [InlineData("echo !!:1-2 !!:2* !!:0 !!:x* !:-", "echo x y y z echo 'echo' 'x' 'y' 'z'* echo x y")]
    [InlineData("echo a !# b", "echo a echo a  b")]
    [InlineData("echo $(echo !!)", "echo $(echo echo x y z)")]
    public void A_reference_becomes_what_it_stands_for(string line, string expanded)
    {
        HistoryExpansion.Result result = New().Expand(line, '\0', "!^#", hasPatternLists: false);
        Assert.Equal((expanded, true, false), (result.Text, result.IsChanged, result.IsError));
    }

    [Theory]
    [InlineData("echo !")]
    [InlineData("echo ! x")]
    [InlineData("echo \"a!\"")]
    [InlineData("echo 'a!!b'")]
    [InlineData("echo a\\!b")]
    [InlineData("echo ${!x} $! a!=b")]
    [InlineData("[ ! -f /x ] && echo y # !!")]
    public void Elsewhere_the_mark_is_itself(string line) => Assert.Equal(new HistoryExpansion.Result(line), New().Expand(line, '\0', "!^#", hasPatternLists: false));

    [Theory]
    [InlineData("echo !nope", "!nope: event not found")]
    [InlineData("echo \"a!b\"", "!b: event not found")]
    [InlineData("!99", "!99: event not found")]
    [InlineData("^zz^yy", ":s^zz^yy: substitution failed")]
    [InlineData("echo !!:9", ":9: bad word specifier")]
    public void What_is_not_there_is_told(string line, string error)
    {
        HistoryExpansion.Result result = New().Expand(line, '\0', "!^#", hasPatternLists: false);
        Assert.Equal((error, true), (result.Text, result.IsError));
    }

    [Fact]
    public void A_reference_may_be_shown_only() => Assert.True(New().Expand("!!:p", '\0', "!^#", hasPatternLists: false).IsPrinted);

    private static HistoryExpansion New()
    {
        CommandHistory history = new();
        history.AddRange(["echo a b c", "ls /a/b.tar.gz", "echo x y z"]);
        return new HistoryExpansion(history);
    }
}
