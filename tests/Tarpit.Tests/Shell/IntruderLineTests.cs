using System.Text;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>
/// Lines of the kind that intruders type, with what a real machine printed, said and ended with: bash, dash, GNU and BusyBox of Debian 12, as root, without a network, in an empty /tmp/w, the only entry of /tmp. Only what does not
/// depend on the machine or on a version. Blocks of the file: a line, "==== " and its exit code, its output, "~~~~", its errors; "----" between them.
/// </summary>
public sealed class IntruderLineTests
{
    private const string Preamble = "export LC_ALL=C.UTF-8; rm -rf /tmp/*; mkdir -p /tmp/w; cd /tmp/w\n";
    private static readonly ScriptRun s_shell = new();
    private static readonly string[] s_blocks = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Shell/Data/intruder-lines.txt"), Encoding.Latin1).Split("\n----\n");

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, s_blocks.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task It_answers_as_the_real_machine_did(int number)
    {
        string block = s_blocks[number];
        int mark = block.IndexOf("\n==== ", StringComparison.Ordinal), end = block.IndexOf('\n', mark + 1), middle = block.LastIndexOf("\n~~~~\n", StringComparison.Ordinal);
        string line = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(block[..mark]));
        (byte[] output, string errors, int exitCode) = await s_shell.RunAsync(line, Preamble);
        string expected = middle > end ? block[(end + 1)..middle] : "", got = Encoding.Latin1.GetString(output);
        string expectedErrors = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(block[(middle + 6)..]));
        Assert.True(string.Equals(expected, got, StringComparison.Ordinal), $"{line}\n-- real\n{expected}\n-- ours\n{got}\n{errors}");
        Assert.True(string.Equals(expectedErrors.TrimEnd('\n'), errors.TrimEnd('\n'), StringComparison.Ordinal), $"{line}\n-- real errors\n{expectedErrors}\n-- our errors\n{errors}");
        Assert.Equal(int.Parse(block.AsSpan((mark + 6)..end), System.Globalization.CultureInfo.InvariantCulture), exitCode);
    }

    /// <summary>What depends on the machine: by its shape.</summary>
    [Theory]
    [InlineData("uname -a", @"^Linux \S+ 6\.8\.0-\d+-generic #\d+-Ubuntu SMP PREEMPT_DYNAMIC .+ x86_64 x86_64 x86_64 GNU/Linux\n$")]
    [InlineData("cat /proc/cpuinfo | grep name | head -n 1 | awk '{print $4,$5,$6,$7,$8,$9;}'", @"^\S+.*\n$")]
    [InlineData("cat /proc/cpuinfo | grep name | wc -l", @"^[1-9]\d*\n$")]
    [InlineData("free -m | grep Mem | awk '{print $2 ,$3, $4, $5, $6, $7}'", @"^\d+ \d+ \d+ \d+ \d+ \d+\n$")]
    [InlineData("ls -lh $(which ls)", @"^-rwxr-xr-x 1 root root 1\d\dK [A-Z][a-z]{2} [ \d]\d  \d{4} /usr/bin/ls\n$")]
    [InlineData("lscpu | grep Model", @"^ *Model name: +\S+")]
    [InlineData("df -h | head -n 2 | awk 'FNR == 2 {print $2;}'", @"^[\d.]+[MG]\n$")]
    [InlineData("uptime", @"^ \d\d:\d\d:\d\d up .*,  \d+ users?,  load average: \d+\.\d\d, \d+\.\d\d, \d+\.\d\d\n$")]
    [InlineData("top -bn1 | head -1", @"^top - \d\d:\d\d:\d\d up ")]
    [InlineData("ip route | head -1", @"^default via \d+\.\d+\.\d+\.\d+ dev \w+ ")]
    [InlineData("df / | tail -1", @"^/dev/\S+ +\d+ +\d+ +\d+ +\d+% /\n$")]
    [InlineData("env | tail -1", @"^_=/usr/bin/env\n$")]
    [InlineData("dpkg -l bash | tail -1", @"^ii  bash +\S+ +amd64 +")]
    [InlineData("curl -V | head -1", @"^curl 8\.5\.0 \(x86_64-pc-linux-gnu\) ")]
    [InlineData("wget -V | head -1", @"^GNU Wget 1\.21\.4 ")]
    public async Task What_depends_on_the_machine_has_the_shape_of_a_real_answer(string line, string shape)
    {
        (byte[] output, string errors, int exitCode) = await s_shell.RunAsync(line, Preamble);
        Assert.Matches(shape, Encoding.UTF8.GetString(output));
        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
    }

    /// <summary>Two ways to ask for the same.</summary>
    [Theory]
    [InlineData("nproc", "grep -c ^processor /proc/cpuinfo")]
    [InlineData("hostname", "cat /etc/hostname")]
    [InlineData("uname -r", "cat /proc/sys/kernel/osrelease")]
    [InlineData("stat -c %s /bin/ls", "wc -c < /bin/ls")]
    [InlineData("ls -l /etc/passwd | awk '{print $5}'", "stat -c %s /etc/passwd")]
    [InlineData("free -k | awk '/^Mem/ {print $2}'", "awk '/^MemTotal/ {print $2}' /proc/meminfo")]
    [InlineData("which bc > /dev/null; echo $?", "dpkg -s bc > /dev/null 2>&1; echo $?")]
    [InlineData("which tree > /dev/null; echo $?", "dpkg -s tree > /dev/null 2>&1; echo $?")]
    [InlineData("which tmux > /dev/null; echo $?", "dpkg -s tmux > /dev/null 2>&1; echo $?")]
    [InlineData("which strings > /dev/null; echo $?", "dpkg -s binutils > /dev/null 2>&1; echo $?")]
    [InlineData("id -un", "whoami")]
    [InlineData("/bin/busybox md5sum < /bin/ls", "md5sum < /bin/ls")]
    [InlineData("readlink /bin/sh", "stat -c %N /bin/sh | cut -d\"'\" -f4")]
    public async Task Two_ways_to_ask_agree(string one, string other)
    {
        (byte[] first, _, _) = await s_shell.RunAsync(one, Preamble);
        (byte[] second, _, _) = await s_shell.RunAsync(other, Preamble);
        Assert.NotEmpty(first);
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(second));
    }
}
