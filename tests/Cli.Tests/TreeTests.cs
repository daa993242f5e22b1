using System.CommandLine;
using System.Diagnostics;
using Blackwall.Cli;
using Blackwall.Cli.Generate;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>The tree of verbs: help, version, and what another program does.</summary>
public sealed class TreeTests
{
    private static RootCommand Root => CommandTree.Build(TestShell.Of(TextWriter.Null, TextWriter.Null), []);

    public static TheoryData<string> Verbs => [.. VerbTree.All(Root).Select(VerbTree.Words)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_tells_about_itself_and_its_version(string verb)
    {
        (int code, string output, string error) = await TestShell.RunAsync([.. verb.Split(' '), "--help"]);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"usage: blackwall {verb}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", output, StringComparison.Ordinal);
        Assert.Equal((0, output, ""), await TestShell.RunAsync([.. verb.Split(' '), "-h"]));
        Assert.Equal((0, output, ""), await TestShell.RunAsync(["help", .. verb.Split(' ')]));
        (code, output, _) = await TestShell.RunAsync([.. verb.Split(' '), "--version"]);
        Assert.Equal(0, code);
        Assert.Matches(@"^blackwall \d+\.\d+\.\d+\S*\n$", output);
    }

    [Fact]
    public async Task Without_arguments_it_explains_itself_and_starts_nothing()
    {
        TestShell.RememberedPrograms programs = new();
        StringWriter output = new();
        Assert.Equal(0, await CommandTree.RunAsync([], TestShell.Of(output, TextWriter.Null, programs: programs), TestContext.Current.CancellationToken));
        Assert.Null(programs.Program);
        Assert.All(Root.Subcommands.Where(verb => !verb.Hidden), verb => Assert.Contains($"  {verb.Name}", output.ToString(), StringComparison.Ordinal));
        Assert.Equal((0, output.ToString(), ""), await TestShell.RunAsync("--help"));
        Assert.Equal((0, output.ToString(), ""), await TestShell.RunAsync("help"));
        Assert.DoesNotContain("generate", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_of_ctl_is_a_verb() => Assert.Empty(
        Root.Subcommands.Single(verb => verb.Name is "ctl").Subcommands.Select(verb => verb.Name).Except(Root.Subcommands.Select(verb => verb.Name), StringComparer.Ordinal));

    [Theory]
    [InlineData("run --interface eth0 --set network.mode=observe --set a.b=c", "blackwall-appliance run --interface eth0 --set network.mode=observe --set a.b=c")]
    [InlineData("replay x.pcap --json --local 10.0.0.0/8", "blackwall-appliance replay x.pcap --json --local 10.0.0.0/8")]
    [InlineData("mesh peer --listen /ip4/127.0.0.1/tcp/0 --echo", "blackwall-appliance mesh peer --listen /ip4/127.0.0.1/tcp/0 --echo")]
    [InlineData("off eth0", "blackwall-appliance off eth0")]
    [InlineData("check-config", "blackwall-appliance check-config")]
    [InlineData("setup-wizard --interface eth0 --yes", "blackwall-appliance setup-wizard --interface eth0 --yes")]
    [InlineData("handover --state /s", "blackwall-appliance handover --state /s")]
    [InlineData("tui --no-colour", "blackwall-tui --no-colour")]
    public async Task What_another_program_does_is_handed_over_as_it_was_typed(string typed, string started)
    {
        TestShell.RememberedPrograms programs = new();
        Assert.Equal(0, await CommandTree.RunAsync(typed.Split(' '), TestShell.Of(TextWriter.Null, TextWriter.Null, programs: programs), TestContext.Current.CancellationToken));
        Assert.Equal(started, $"{programs.Program} {string.Join(' ', programs.Arguments)}".TrimEnd());
    }

    [Theory]
    [InlineData("rnu", "Unknown verb 'rnu'; did you mean 'run'?")]
    [InlineData("ctl stauts", "Unknown verb 'stauts'; did you mean 'status'?")]
    [InlineData("xyzzy", "Unknown verb 'xyzzy'.")]
    [InlineData("run --intreface eth0", "--intreface is not an option of 'run'; did you mean '--interface'?")]
    [InlineData("block 203.0.113.7 --tll 1h", "--tll is not an option of 'block'; did you mean '--ttl'?")]
    [InlineData("block", "'block' needs at least one SCOPE.")]
    [InlineData("block 203.0.113.7 --ttl", "--ttl needs a value: TIME.")]
    [InlineData("block 203.0.113.7 --ttl soon", "--ttl soon: write 90s, 15m, 1h30m or 7d, or never.")]
    [InlineData("enforce --within never", "--within never: write 90s, 15m, 1h30m or 7d.")]
    [InlineData("confirm", "'confirm' needs one ID.")]
    [InlineData("confirm first", "'first' is not an id, which is a number.")]
    [InlineData("stats now", "'stats' takes no argument; got 'now'.")]
    [InlineData("decisions --verdict dorp", "--verdict must be one of pass, rate-limit, redirect, drop; got 'dorp'; did you mean 'drop'?")]
    [InlineData("events --count 0", "--count 0: a whole number above 0.")]
    [InlineData("mesh ban", "'ban' needs one PEER.")]
    [InlineData("mesh pear", "Unknown verb 'pear'; did you mean 'peer'?")]
    [InlineData("help blok", "Unknown verb 'blok'; did you mean 'block'?")]
    public async Task What_is_not_understood_is_told_in_plain_words(string typed, string sentence)
    {
        TestShell.RememberedPrograms programs = new();
        StringWriter error = new();
        Assert.Equal(64, await CommandTree.RunAsync(typed.Split(' '), TestShell.Of(TextWriter.Null, error, programs: programs), TestContext.Current.CancellationToken));
        Assert.Equal(sentence, error.ToString().Split('\n')[0]);
        Assert.Null(programs.Program);
    }

    [Fact]
    public async Task Exit_codes_are_told()
    {
        (int code, string output, _) = await TestShell.RunAsync("help", "exit-codes");
        Assert.Equal(0, code);
        Assert.All(CliExit.All, exit => Assert.Contains($"\n{exit.Code,-4}  {exit.Meaning}", output, StringComparison.Ordinal));
        Assert.Contains("exit-codes", (await TestShell.RunAsync("--help")).Output, StringComparison.Ordinal);
    }

    // Through execv, with the program that the tree has built.
    [Fact]
    public async Task The_appliance_takes_the_place_of_the_command_line_with_its_exit_code()
    {
        string folder = Path.GetDirectoryName(typeof(CommandTree).Assembly.Location)!;
        string[] parts = folder.Split('/');
        string cli = RepositoryRoot.File("src", "Cli", "bin", parts[^2], parts[^1], "blackwall.dll");
        (int code, string output, string error) = await RunAsync(cli, "check-config", "--config", "/dev/null", "--set", "network.mode=off");
        Assert.True(code == 0, error);
        Assert.Contains("in order", output, StringComparison.Ordinal);
        (code, _, error) = await RunAsync(cli, "check-config", "--config", "/dev/null", "--set", "network.mode=enfroce");
        Assert.Equal(78, code);
        Assert.Contains("network.mode", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
