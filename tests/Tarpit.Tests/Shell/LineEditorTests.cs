using Blackwall.Tarpit.Tests.World;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Keys of readline at the prompt, judged by the command that runs in the end.</summary>
public sealed class LineEditorTests
{
    [Theory]
    [InlineData("echo ab\x02X\r", "aXb")]
    [InlineData("cho one\x01" + "e\x05 two\r", "one two")]
    [InlineData("echo one two\x17three\r", "one three")]
    [InlineData("junk\x15" + "echo kept\r", "kept")]
    [InlineData("echo cut here\x1b" + "b\x0b\x19\x19\r", "cut herehere")]
    [InlineData("echo first\recho other\r\x1b[A\x1b[A\x05!\r", "first!")]
    [InlineData("echo needle\recho hay\r\x12need\r", "needle\r\n")]
    [InlineData("echo a b\x1b" + "b\x1b" + "bX\r", "Xa b")]
    [InlineData("echo word\recho \x1b.\r", "word")]
    [InlineData("echo ba\x14\r", "ab")]
    [InlineData("echo one two\x1b" + "b\x1b" + "u\r", "one TWO")]
    [InlineData("echo one TWO\x1b" + "b\x1b" + "c!\r", "one Two!")]
    [InlineData("cat /etc/hostn\t\r", "db-")]
    [InlineData("unam\t -s\r", "Linux")]
    [InlineData("\x1b[200~echo pasted\x1b[201~\r", "pasted")]
    public async Task A_key_does_what_readline_does(string keys, string shown)
    {
        string screen = await new VirtualHost().TypeAsync(keys + "exit\r");
        Assert.Contains("\r" + shown, screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo $HISTFILES\t-", "echo $HISTFILESIZE -")]
    [InlineData("echo ${HISTFILES\t-", "echo ${HISTFILESIZE} -")]
    [InlineData("ls -d ~ubu\t.ss\t", "ls -d ~ubuntu/.ssh/")]
    [InlineData("touch '/tmp/a b'; ls /tmp/a\t", "ls /tmp/a\\ b ")]
    [InlineData("touch '/tmp/a b'; ls \"/tmp/a\t", "ls \"/tmp/a b\" ")]
    [InlineData("cat </etc/hostn\t", "cat </etc/hostname ")]
    [InlineData("cd /etc/apt/sour\t", "cd /etc/apt/sources.list.d/")]
    [InlineData("ls /etc/apt/sour\t", "ls /etc/apt/sources.list")]
    [InlineData("echo '$HISTFILES\t'", "echo '$HISTFILES\a'")]
    public async Task A_tab_completes_what_it_can(string keys, string shown)
    {
        VirtualHost host = new();
        string[] lines = keys.Split("; ");
        Assert.Contains(shown, await host.TypeAsync($"{(lines.Length > 1 ? lines[0] + "\r" : "")}{lines[^1]}\x15exit\r"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_tab_lists_what_there_is()
    {
        string screen = await new VirtualHost().TypeAsync("ls /etc/host\t\t\x15" + "exit\r");
        Assert.Contains("host.conf", screen, StringComparison.Ordinal);
        Assert.Contains("hostname", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("host.conf", await new VirtualHost().TypeAsync("ls /etc/host\t\x15" + "exit\r"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_are_pasted_run_when_the_key_is_pressed()
    {
        VirtualHost host = new();
        await host.TypeAsync("\x1b[200~echo one > /tmp/a\recho two > /tmp/b\x1b[201~");
        Assert.Equal("", (await host.RunAsync("ls /tmp | grep -v private")).Trim());
        await host.TypeAsync("\x1b[200~echo one > /tmp/a\recho two > /tmp/b\x1b[201~\rexit\r");
        Assert.Equal("a\nb", (await host.RunAsync("ls /tmp | grep -v private")).Trim());
    }

    [Fact]
    public async Task The_history_is_kept_unless_it_is_switched_off()
    {
        VirtualHost host = new();
        await host.TypeAsync("echo remembered\rexit\r");
        Assert.Contains("echo remembered", await host.RunAsync("cat ~/.bash_history"), StringComparison.Ordinal);
        Assert.Contains("remembered", await host.TypeAsync("\x1b[A\x1b[A\rexit\r"), StringComparison.Ordinal);
        await host.TypeAsync("unset HISTFILE\recho forgotten\rexit\r");
        Assert.DoesNotContain("forgotten", await host.RunAsync("cat ~/.bash_history"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_are_coloured_at_a_terminal_alone()
    {
        VirtualHost host = new();
        Assert.Contains("\x1b[01;34musr\x1b[0m", await host.TypeAsync("ls /\rexit\r"), StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b[01;34m", await host.RunAsync("ls /"), StringComparison.Ordinal);
    }
}
