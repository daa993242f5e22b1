using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Tests.World;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Prompts, start files, the history and the driver of a terminal.</summary>
public sealed class PromptTests
{
    private readonly VirtualHost _host = new();

    [Theory]
    [InlineData("[\\w|\\W|\\$|\\j|\\s|\\v] ", "\r\n[/usr|usr|#|0|bash|5.2] ")]
    [InlineData("\\u \\#\\n$(echo hi) ${x:-none} ", "\r\nroot 3\r\nhi none ")]
    [InlineData("\\[\\e[1m\\]\\141\\d{} ", "\r\n\x1b[1ma")]
    public async Task A_prompt_is_expanded(string prompt, string shown) =>
        Assert.Contains(shown, await _host.TalkAsync([("# ", "cd /usr\r"), ("# ", $"PS1='{prompt}'\r"), (shown, "\x04")]), StringComparison.Ordinal);

    [Fact]
    public async Task Start_files_set_the_prompt_and_what_a_visitor_adds_runs()
    {
        Terminal colours = new("xterm-256color", 80, 24);
        Assert.Contains("\x1b[01;32mubuntu@", await _host.TalkAsync([("$ ", "echo 'echo started; PS1=\"new> \"' >> ~/.bashrc\r"), ("$ ", "exit\r")], "ubuntu", colours), StringComparison.Ordinal);
        string shown = await _host.TalkAsync([("new> ", "bash\r"), ("new> ", "echo level $SHLVL $-\r"), ("new> ", "exit\r"), ("new> ", "bash --norc\r"), ("bash-5.2$ ", "exit\r"), ("new> ", "exit\r")], "ubuntu", colours);
        Assert.Contains("started\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("level 2 himBHs\r\n", shown, StringComparison.Ordinal);
        Assert.EndsWith("logout\r\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_is_expanded_listed_and_changed()
    {
        string shown = await _host.TalkAsync([("# ", "PS1=\\$\\ ; history -c\r"), ("$ ", "echo one\r"), ("$ ", "!!\r"), ("$ ", " echo hidden\r"), ("$ ", "for i in 1 2\r"), ("> ", "do echo $i\r"), ("> ", "done\r"), ("$ ", "fc -l\r"), ("$ ", "fc -s one=two echo\r"), ("$ ", "history -d -2; history 2\r"), ("$ ", "exit\r")]);
        Assert.Contains("$ !!\r\necho one\r\none\r\n$ ", shown, StringComparison.Ordinal);
        Assert.Contains("$ fc -l\r\n1\t echo one\r\n2\t for i in 1 2; do echo $i; done\r\n$ ", shown, StringComparison.Ordinal);
        Assert.Contains("$ fc -s one=two echo\r\necho two\r\ntwo\r\n$ ", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\t echo hidden", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_from_a_terminal_edits_hides_and_ends()
    {
        string shown = await _host.TalkAsync([("# ", "PS1=\\$\\ \r"), ("$ ", "read -p 'a? ' a; read -s -p 'b? ' b; read -n 2 -p 'c? ' c; echo \"<$a|$b|$c>\"\r"), ("\na? ", "onx\x7f\x17two\r"), ("\nb? ", "secret\r"), ("c? ", "xy"), (">\r\n$ ", "exit\r")]);
        Assert.Contains("<two|secret|xy>\r\n", shown, StringComparison.Ordinal);
        Assert.Equal(1, shown.Split("secret").Length - 1);
    }

    [Fact]
    public async Task The_driver_of_the_terminal_is_set()
    {
        string shown = await _host.TalkAsync([("# ", "PS1=\\$\\ \r"), ("$ ", "stty size; stty -echo\r"), ("$ ", "stty -a | grep -o -- '-echo '\r"), ("$ ", "stty sane\r"), ("$ ", "stty\r"), ("$ ", "echo $COLUMNS\r"), ("$ ", "exit\r")]);
        Assert.Contains("24 80\r\n$ ", shown, StringComparison.Ordinal);
        Assert.Contains("$ \r\n-echo \r\n$ \r\n$ stty\r\nspeed 38400 baud; line = 0;\r\n-brkint -imaxbel\r\n$ echo $COLUMNS\r\n80\r\n", shown, StringComparison.Ordinal);
    }
}
