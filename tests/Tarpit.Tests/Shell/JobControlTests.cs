using Blackwall.Tarpit.Tests.World;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Keys that are signals, and jobs at a terminal: what is shown is what bash 5.2 shows in a pty.</summary>
public sealed class JobControlTests
{
    private const string Prompt = "# ";

    // Says when it has the terminal.
    private const string Long = "sh -c 'echo go; sleep 100'";

    private readonly VirtualHost _host = new();

    [Fact]
    public async Task A_program_is_stopped_goes_on_in_the_background_and_ends()
    {
        string shown = await TalkAsync((Long + "\r", "go\r\n"), ("\x1a", Prompt), ("jobs\r", Prompt), ("bg\r", Prompt), ("jobs\r", Prompt), ("fg\r", Long + "\r\n"), ("\x03", Prompt), ("echo $?\r", Prompt));
        Assert.Equal($"{Long}\r\ngo\r\n^Z\r\n[1]+  Stopped                 {Long}\r\n$ jobs\r\n[1]+  Stopped                 {Long}\r\n$ bg\r\n[1]+ {Long} &\r\n$ jobs\r\n[1]+  Running                 {Long} &\r\n$ fg\r\n{Long}\r\n^C\r\n$ echo $?\r\n130\r\n$ ", shown);
    }

    [Theory]
    [InlineData(Long + "; echo after", Long, "after\r\n")]
    [InlineData("while :; do " + Long + "; done", Long, "")]
    [InlineData("(" + Long + ")", "( " + Long + " )", "")]
    [InlineData(Long + " | cat", Long + " | cat", "")]
    public async Task A_list_goes_on_behind_a_stopped_program_and_a_loop_ends(string line, string job, string after) =>
        Assert.Equal($"{line}\r\ngo\r\n^Z\r\n[1]+  Stopped                 {job}\r\n{after}$ ", await TalkAsync((line + "\r", "go\r\n"), ("\x1a", Prompt)));

    [Fact]
    public async Task Quit_ends_a_program_and_says_so() =>
        Assert.Equal($"{Long}\r\ngo\r\n^\\Quit (core dumped)\r\n$ echo $?\r\n131\r\n$ ", await TalkAsync((Long + "\r", "go\r\n"), ("\x1c", Prompt), ("echo $?\r", Prompt)));

    [Fact]
    public async Task A_shell_with_stopped_jobs_asks_once()
    {
        string shown = await _host.TalkAsync([(Prompt, "PS1=\\$\\ \r"), ("$ ", Long + "\r"), ("go\r\n", "\x1a"), ("$ ", "exit\r"), ("jobs.\r\n$ ", "exit\r")]);
        Assert.EndsWith("$ exit\r\nlogout\r\nThere are stopped jobs.\r\n$ exit\r\nlogout\r\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_while_a_program_runs_is_for_the_next_prompt() =>
        Assert.Equal("sh -c 'echo go; read a'\r\ngo\r\none\r\necho tyq\b \bped\r\n$ echo typed\r\ntyped\r\n$ ", await TalkAsync(("sh -c 'echo go; read a'\r", "go\r\n"), ("one\recho tyq\x7fped\r", "typed\r\ntyped\r\n$ ")));

    [Fact]
    public async Task A_trap_runs_at_the_prompt_and_at_the_end()
    {
        Assert.Equal("trap 'echo hi' INT\r\n$ ^C\r\nhi\r\n$ ", await TalkAsync(("trap 'echo hi' INT\r", Prompt), ("\x03", "hi\r\n$ ")));
        Assert.EndsWith("exit\r\nlogout\r\nbye\r\n", await _host.TalkAsync([(Prompt, "trap 'echo bye' EXIT\r"), (Prompt, "exit\r")]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_editor_is_stopped_and_taken_up()
    {
        string shown = await TalkAsync(("vi /tmp/x\r", "1049h"), ("\x1a", Prompt), ("jobs\r", Prompt), ("fg\r", "1049h"), ("ihello\x1b:wq\r", Prompt), ("cat /tmp/x\r", Prompt));
        Assert.Contains("[1]+  Stopped                 vi /tmp/x\r\n$ jobs\r\n[1]+  Stopped                 vi /tmp/x\r\n$ fg\r\nvi /tmp/x\r\n", shown, StringComparison.Ordinal);
        Assert.EndsWith("hello\r\n$ ", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pager_takes_what_a_pipe_brings()
    {
        string shown = await _host.TalkAsync([(Prompt, "seq 1 100 | less\r"), ("23\r\n", "G"), ("(END)", "q"), (Prompt, "seq 1 50 | more\r"), ("--More--", "q"), (Prompt, "exit\r")]);
        Assert.Contains("100\r\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Missing filename", shown, StringComparison.Ordinal);
        Assert.Contains("Missing filename", await _host.TalkAsync([(Prompt, "less\r"), (Prompt, "exit\r")]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_hold_output_and_let_it_go() =>
        Assert.Equal("sh -c 'echo go; read a; echo held'\r\ngo\r\nx\r\nyheld\r\n$ y", await TalkAsync(("sh -c 'echo go; read a; echo held'\r", "go\r\n"), ("\x13x\r", "x\r\n"), ("y\x11", "$ y")));

    [Fact]
    public async Task A_here_document_ends_with_the_input()
    {
        string shown = await TalkAsync(("cat <<E\r", "> "), ("line\r", "> "), ("\x04", Prompt));
        Assert.Equal("cat <<E\r\n> line\r\n> \r\n-bash: warning: here-document at line 1 delimited by end-of-file (wanted `E')\r\nline\r\n$ ", shown);
    }

    // With the prompt "$ ", from the first command on.
    private async Task<string> TalkAsync(params (string Keys, string Awaited)[] steps)
    {
        List<(string, string)> talk = [(Prompt, "PS1=\\$\\ \r"), ("$ ", steps[0].Keys)];
        for (int n = 0; n < steps.Length; n++)
        {
            string awaited = steps[n].Awaited is Prompt ? "$ " : steps[n].Awaited;
            talk.Add((awaited, n + 1 < steps.Length ? steps[n + 1].Keys : ""));
        }

        string shown = await _host.TalkAsync(talk);
        return shown[(shown.IndexOf("\r\n$ ", StringComparison.Ordinal) + 4)..];
    }
}
