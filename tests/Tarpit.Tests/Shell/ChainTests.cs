using Blackwall.Tarpit.Tests.Ssh;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Chains of twenty thousand parts, in every grammar that reads what a visitor types: the process lives, and no session ends by a fault of ours.</summary>
public sealed class ChainTests
{
    private const int Parts = 20_000;

    [Theory]
    [InlineData("true", "|true", "")]
    [InlineData("true", "&&true", "")]
    [InlineData("false", "||false", "")]
    [InlineData("true", ";true", "")]
    [InlineData("true", "&true", "")]
    [InlineData("", "(", "")]
    [InlineData("", "{ ", "")]
    [InlineData("", "! ", "true")]
    [InlineData("[ ", "! ", "x ]")]
    [InlineData("[ ", "( ", "x ]")]
    [InlineData("[ x", " -a x", " ]")]
    [InlineData("[ x", " -o x", " ]")]
    [InlineData("test ", "! ", "x")]
    [InlineData("[[ ", "! ", "x ]]")]
    [InlineData("[[ ", "( ", "x ]]")]
    [InlineData("[[ x", " && x", " ]]")]
    [InlineData("[[ x =~ ", "(a", " ]]")]
    [InlineData("[[ x == ", "*(a", " ]]")]
    [InlineData("echo $((1", "+1", "))")]
    [InlineData("echo $((", "-", "1))")]
    [InlineData("echo $((", "!", "1))")]
    [InlineData("echo $((1", "?1:1", "))")]
    [InlineData("echo $((1", "**1", "))")]
    [InlineData("echo $((", "a=", "1))")]
    [InlineData("echo $((1", ",1", "))")]
    [InlineData("((1", "&&1", "))")]
    [InlineData("a=1; a=", "$a", "; echo ${#a}")]
    [InlineData("echo ", "`", "")]
    [InlineData("echo ", "*", "")]
    [InlineData("echo ", "[", "")]
    [InlineData("echo ", "{a", "")]
    [InlineData("echo ", "{1..2", "")]
    [InlineData("echo ", "{,", "")]
    [InlineData("echo ", "<(", "")]
    [InlineData("cat ", "<<a ", "")]
    [InlineData("echo x ", ">/tmp/x ", "")]
    [InlineData("if true", "; elif true", "; then :; fi")]
    [InlineData("case x in ", "a|", "b) ;; esac")]
    [InlineData("", "f() ", "{ :; }")]
    [InlineData("x=y; echo ${x", "/y", "}")]
    [InlineData("x=y; echo ${x%", "?", "}")]
    [InlineData("find / ", "! ", "-name x")]
    [InlineData("find /etc -name x", " -o -name x", "")]
    [InlineData("find /etc ", "\\( ", "-name x")]
    [InlineData("echo x | awk '", "{", "print}'")]
    [InlineData("echo x | awk '{print 1", "+1", "}'")]
    [InlineData("echo x | awk '{print ", "\"", "}'")]
    [InlineData("echo x | awk '{print 1", ";print 1", "}'")]
    [InlineData("echo x | awk '", "(", "'")]
    [InlineData("echo x | sed '", "s/x/y/;", "'")]
    [InlineData("echo x | sed '", "{", "'")]
    [InlineData("echo x | sed 's/", "\\(", "/y/'")]
    [InlineData("echo x | sed -E 's/", "(x", "/y/'")]
    [InlineData("echo x | grep -E '", "(x", "'")]
    [InlineData("echo x | grep -E '", "x|", "x'")]
    [InlineData("echo x | grep -E 'x", "*", "'")]
    [InlineData("expr 1", " + 1", "")]
    [InlineData("expr ", "\\( ", "1")]
    [InlineData("printf '", "%s", "'")]
    [InlineData("printf '", "\\x41", "'")]
    [InlineData("", "sudo ", "id")]
    [InlineData("", "env ", "id")]
    [InlineData("", "nohup ", "id")]
    [InlineData("", "time ", "id")]
    [InlineData("", "eval ", "id")]
    [InlineData("", "exec ", "id")]
    [InlineData("", "command ", "id")]
    [InlineData("", "builtin ", "id")]
    [InlineData("", "busybox ", "id")]
    [InlineData("", "xargs ", "id")]
    [InlineData("", "timeout 1 ", "id")]
    [InlineData("", "nice ", "id")]
    [InlineData("", "sh -c ", "id")]
    [InlineData("cd ", "/tmp/..", "")]
    [InlineData("ls ", "../", "")]
    [InlineData("date +", "%c", "")]
    public async Task A_chain_is_answered_and_the_next_command_too(string begin, string part, string end)
    {
        await using RunningTarpit tarpit = new();

        // Each eval reads all that follows again.
        int longest = part is "eval " ? 15_000 : 60_000;
        SshClient.Result result = await SshClient.CommandAsync(tarpit, begin + string.Concat(Enumerable.Repeat(part, Math.Min(Parts, longest / part.Length))) + end);
        Assert.NotEqual(255, result.ExitCode);
        Assert.Equal("alive\n", (await SshClient.CommandAsync(tarpit, "echo alive")).Output);
        Assert.Null(tarpit.Records.Last(Recording.ObservationKinds.Limit));
    }
}
