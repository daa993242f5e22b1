using Blackwall.Tarpit.Tests.Ssh;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>What an intruder's first line shows, sent as one command without a terminal.</summary>
public sealed class FirstLineTests
{
    [Theory]
    [InlineData("curl -m2 http://198.51.100.1", 28, "curl: (28) Connection timed out after 200")]
    [InlineData("curl -s -S --max-time 2 http://198.51.100.1", 28, "curl: (28) Connection timed out after 200")]
    [InlineData("curl --connect-timeout 1 http://198.51.100.1:8080", 28, "curl: (28) Failed to connect to 198.51.100.1 port 8080 after 100")]
    [InlineData("curl http://198.51.100.1", 7, "curl: (7) Failed to connect to 198.51.100.1 port 80 after 306")]
    public async Task A_transfer_waits_as_long_as_it_is_told_and_says_so(string command, int exitCode, string said)
    {
        await using RunningTarpit tarpit = new();
        SshClient.Result result = await SshClient.CommandAsync(tarpit, command + " 2>&1");
        Assert.Contains(said, result.Output, StringComparison.Ordinal);
        Assert.Equal(exitCode, result.ExitCode);
    }

    [Fact]
    public async Task A_command_without_a_terminal_shows_none()
    {
        await using RunningTarpit tarpit = new();
        string output = (await SshClient.CommandAsync(tarpit, "ps aux; last; w; who")).Output;
        Assert.Contains("sshd: root@notty", output, StringComparison.Ordinal);
        Assert.Matches(@"\? +R +\d\d:\d\d   0:00 ps aux", output);
        Assert.DoesNotContain("pts/0", output, StringComparison.Ordinal);
    }
}
