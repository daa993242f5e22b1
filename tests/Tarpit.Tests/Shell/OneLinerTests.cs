using System.Text;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Lines of the kind that intruders send: downloaders, checks for BusyBox, persistence, miners, recon. None may meet a command or a grammar that a real Ubuntu has and this one lacks.</summary>
public sealed class OneLinerTests
{
    private static readonly string[] s_missed = ["command not found", "syntax error", "invalid option", "unrecognized option", "unknown predicate", "Exec format error"];
    private static readonly ScriptRun s_shell = new();
    private static readonly string[] s_lines = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Shell/Data/one-liners.txt")).TrimEnd('\n').Split("\n----\n");

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, s_lines.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task No_line_meets_what_a_real_machine_would_know(int number)
    {
        (byte[] output, string errors, _) = await s_shell.RunAsync(s_lines[number]);
        // What the distribution does not install is not found on a real machine either.
        string all = (Encoding.UTF8.GetString(output) + errors).Replace("tftp: command not found", "", StringComparison.Ordinal).Replace("strings: command not found", "", StringComparison.Ordinal);
        Assert.DoesNotContain(s_missed, text => all.Contains(text, StringComparison.Ordinal) ? throw new Xunit.Sdk.XunitException($"{s_lines[number]}\n{all}") : false);
    }

    [Fact]
    public async Task A_command_that_no_machine_knows_is_not_found() => Assert.Contains("command not found", (await s_shell.RunAsync("nosuchcommand_at_all")).Errors, StringComparison.Ordinal);

    [Theory]
    [InlineData("/bin/busybox ECCHI 2>&1", "ECCHI: applet not found\n")]
    [InlineData("echo -e \"\\x6b\\x61\"", "ka\n")]
    [InlineData("dd bs=52 count=1 if=/bin/ls 2>/dev/null | head -c 4 | od -An -tx1", " 7f 45 4c 46\n")]
    [InlineData("echo aWQgLXU= | base64 -d | sh", "0\n")]
    [InlineData("IFS=.; set -- 10.20.30.40; echo $1 $4", "10 20 30 40\n")]
    [InlineData("$(echo ec)ho hidden; e\"c\"ho q1; ${PATH:0:0}echo q3; echo${IFS}ifs", "hidden\nq1\nq3\nifs\n")]
    [InlineData("echo payload | gzip -c | base64 | base64 -d | gunzip -c", "payload\n")]
    [InlineData("(crontab -l 2>/dev/null; echo '*/5 * * * * x') | crontab -; crontab -l | tail -1", "*/5 * * * * x\n")]
    [InlineData("for i in 1 2; do echo $i & done; wait; echo all", "1\n2\nall\n")]
    [InlineData("while read i; do echo x; break; done < /proc/version", "x\n")]
    public async Task An_outcome_that_can_be_computed_is_that_of_bash(string line, string expected)
    {
        (byte[] output, _, _) = await s_shell.RunAsync(line);
        Assert.Equal(expected, Encoding.UTF8.GetString(output));
    }
}
