using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>What the kernel shows as files, and devices that have no end.</summary>
public sealed class KernelFolderTests
{
    [Theory]
    [InlineData("echo a > /sys/x", "bash: line 1: /sys/x: Permission denied\n")]
    [InlineData("echo a > /proc/x", "bash: line 1: /proc/x: No such file or directory\n")]
    [InlineData("touch /sys/q", "touch: cannot touch '/sys/q': Permission denied\n")]
    [InlineData("mkdir /sys/d", "mkdir: cannot create directory ‘/sys/d’: Operation not permitted\n")]
    [InlineData("echo a > /dev/pts/x", "bash: line 1: /dev/pts/x: Permission denied\n")]
    public async Task Nobody_makes_files_there(string command, string told)
    {
        VirtualHost host = new();
        Assert.Equal(told, await host.RunAsync(command + " 2>&1"));
        Assert.Equal("", await host.RunAsync("ls -d /sys/x /proc/x /sys/q /sys/d /dev/pts/x 2> /dev/null"));
        Assert.Equal("made\n", await host.RunAsync("echo made > /dev/shm/x; cat /dev/shm/x"));
    }

    [Theory]
    [InlineData("head -c 1000000 /dev/zero | wc -c", "1000000\n")]
    [InlineData("head -c 2M /dev/urandom > /tmp/f; wc -c < /tmp/f", "2097152\n")]
    [InlineData("tr '\\0' a < /dev/zero | head -c 70000 | wc -c", "70000\n")]
    [InlineData("seq 1000000 | wc -l", "1000000\n")]
    [InlineData("cat /usr/bin/python3.12 | wc -c; wc -c < /usr/bin/python3.12; stat -Lc %s /usr/bin/python3.12", null)]
    [InlineData("head -c 2000000 /dev/zero | md5sum | cut -c1-32; head -c 2000000 /dev/zero > /tmp/z; md5sum < /tmp/z | cut -c1-32", null)]
    public async Task As_much_comes_as_is_asked_for(string command, string? expected)
    {
        string printed = await new VirtualHost().RunAsync(command);
        Assert.Equal(expected ?? string.Concat(Enumerable.Repeat(printed.Split('\n')[0] + "\n", printed.AsSpan().Count('\n'))), printed);
        Assert.NotEqual("", printed);
    }

    [Theory]
    [InlineData("logger -t backup done; tail -1 /var/log/syslog", @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 \S+ backup: done\n$")]
    [InlineData("echo one | logger -p auth.info; tail -1 /var/log/auth.log | cut -d' ' -f3-", @"^root: one\n$")]
    [InlineData("logger -s x 2>&1 > /dev/null; grep -c ' root: x$' /var/log/syslog", @"^<13>\w{3} \d\d \d\d:\d\d:\d\d root: x\n1\n$")]
    public async Task What_is_logged_is_in_the_log(string command, string pattern) => Assert.Matches(pattern, await new VirtualHost().RunAsync(command));

    [Theory]
    [InlineData("time sleep 2", @"^\nreal\t(0m[2-9]|0m\d\d|\d+m\d+)\.\d{3}s\nuser\t\d+m\d+\.\d{3}s\nsys\t\d+m\d+\.\d{3}s\n$")]
    [InlineData("time -p sleep 1", @"^real [1-9]\d*\.\d\d\nuser \d+\.\d\d\nsys \d+\.\d\d\n$")]
    [InlineData("TIMEFORMAT='%0lR %P%%'; time sleep 1", @"^\d+m[1-9]\d*s \d+\.\d\d%\n$")]
    [InlineData("SECONDS=5; sleep 2; echo $SECONDS", @"^([7-9]|\d\d+)\n$")]
    [InlineData("bash -c 'echo $SECONDS'", @"^\d\n$")]
    [InlineData("sleep 1.2; echo $((SECONDS > 0 ))", @"^1\n$")]
    [InlineData("echo $EPOCHREALTIME", @"^\d{10}\.\d{6}\n$")]
    // A loaded machine sleeps longer, never shorter.
    public async Task Time_passes_as_it_does_on_the_machine(string command, string pattern) =>
        Assert.Matches(pattern, await new VirtualHost().RunAsync($"{{ {command}; }} 2>&1"));
}
