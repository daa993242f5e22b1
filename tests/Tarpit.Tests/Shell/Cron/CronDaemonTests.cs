using System.Globalization;
using System.Net;
using Blackwall.Tarpit.Tests.World;
using Blackwall.Tarpit.Visiting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell.Cron;

/// <summary>What a visitor puts into the tables of cron runs: while he is there each time it is due, and once for the time that he was away.</summary>
public sealed class CronDaemonTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 12, 1, 12, 0, 30, TimeSpan.Zero));
    private readonly VirtualHost _host;

    public CronDaemonTests()
    {
        _host = new VirtualHost(new Visitors(VirtualHost.NewMachine(17, _time), VirtualHost.Quick), IPAddress.Parse("198.51.100.17"));
    }

    // Runs a command to its end while the clock goes on; what needs no time runs while it stands still.
    private async Task<string> RunAsync(string command)
    {
        Task<string> running = _host.RunAsync(command);
        while (await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(4), TimeProvider.System, TestContext.Current.CancellationToken)) != running)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return await running;
    }

    [Fact]
    public async Task A_line_runs_each_minute_while_a_session_is_open()
    {
        await _host.RunAsync("(crontab -l; echo 'A=\"of the table\"'; echo '* * * * * echo $LOGNAME $HOME $A $0 $((1+1)) >> /tmp/out'; echo '* 3 * * * echo wrong hour >> /tmp/out') | crontab -");
        Assert.Equal("", await _host.RunAsync("cat /tmp/out 2>/dev/null"));

        // The clock does not wait for the shell: a busy machine may take two minutes as one.
        const string logged = "grep -cF '(root) CMD (echo $LOGNAME $HOME $A $0 $((1+1)) >> /tmp/out)' /var/log/syslog; grep -E 'T12:0[1-9]:' /var/log/auth.log | grep -c 'cron:session): session opened for user root(uid=0)'";
        string[] shown = (await RunAsync($"sleep 190; systemctl stop cron; sleep 3; sort -u /tmp/out; wc -l < /tmp/out; {logged}")).Split('\n');
        Assert.Equal("root /root of the table /bin/sh 2", shown[0]);
        Assert.InRange(int.Parse(shown[1], CultureInfo.InvariantCulture), 1, 3);
        Assert.Equal([shown[1], shown[1], ""], shown[2..]);
    }

    [Fact]
    public async Task What_was_due_meanwhile_has_run_once_when_he_comes_back()
    {
        await _host.RunAsync("useradd -m eve; crontab -r; echo '*/10 * * * * id -un >> /tmp/out; echo told' | crontab -u eve -; echo '5 4 * * * echo no >> /tmp/out' | crontab -; mkdir /tmp/d; printf '#!/bin/sh\\necho part >> /tmp/out\\n' > /etc/cron.hourly/part; chmod +x /etc/cron.hourly/part; cp /etc/cron.hourly/part /etc/cron.hourly/no.part");
        _time.Advance(TimeSpan.FromHours(3));

        // The clock stands still, so that the session waits as long as it takes.
        Assert.Equal("eve\npart\n", await _host.RunAsync("sort /tmp/out"));
        Assert.Equal("eve\npart\n", await _host.RunAsync("sort /tmp/out"));
        Assert.Equal("18\n", await _host.RunAsync("grep -c '(eve) CMD (id -un' /var/log/syslog"));
        Assert.Equal("18\n", await _host.RunAsync("grep -c \"session opened for user eve(uid=$(id -u eve)) by eve(uid=0)\" /var/log/auth.log"));
        Assert.Equal("Subject: Cron <eve@" + (await _host.RunAsync("hostname")).Trim() + "> id -un >> /tmp/out; echo told\nX-Cron-Env: <LOGNAME=eve>\ntold\n", await _host.RunAsync("grep -E '^(Subject|told|X-Cron-Env: <LOG)' /var/mail/eve"));
    }

    [Fact]
    public async Task What_cron_would_leave_alone_does_not_run()
    {
        await _host.RunAsync("echo '* * * * * root echo system >> /tmp/out' > /etc/cron.d/job; cp /etc/cron.d/job /etc/cron.d/job.sh; echo '* * * * * echo open >> /tmp/out' > /var/spool/cron/crontabs/ubuntu; chmod 666 /var/spool/cron/crontabs/ubuntu");
        Assert.Equal("system\n", await RunAsync("sleep 130; sort -u /tmp/out"));
        await _host.RunAsync("chmod 600 /var/spool/cron/crontabs/ubuntu; echo 'nobody here * * * *' >> /etc/cron.d/job");
        Assert.Equal("open\nsystem\n", await RunAsync("rm /tmp/out; sleep 130; sort -u /tmp/out"));
        Assert.Equal("inactive\n0\n", await RunAsync("systemctl stop cron; systemctl is-active cron; rm /tmp/out; sleep 130; ls /tmp/out 2>/dev/null | wc -l"));
    }

    [Fact]
    public async Task What_does_not_end_holds_up_nothing()
    {
        await _host.RunAsync("echo '* * * * * while :; do sleep 1; done' | crontab -");
        Assert.Equal("/usr/sbin/CRON -f -P\n", await RunAsync("sleep 130; ps -o ppid= -p $(pgrep -f '^/bin/sh -c while' | head -1) | xargs ps -o args= -p"));
        string again = await RunAsync("sleep 700; pgrep -fc '^/bin/sh -c while'");
        Assert.InRange(int.Parse(again, CultureInfo.InvariantCulture), 2, 4);
    }

    [Theory]
    [InlineData("99 * * * * x", "\"-\":0: bad minute\nerrors in crontab file, can't install.\n1\n")]
    [InlineData("# one\n* * * * mon-x x", "\"-\":1: bad day-of-week\nerrors in crontab file, can't install.\n1\n")]
    [InlineData("PATH=/bin\n@hourly x", "0\n")]
    public async Task A_wrong_table_is_refused(string table, string shown) => Assert.Equal(shown, await _host.RunAsync($"printf '%s\\n' '{table}' | crontab - 2>&1; echo $?"));
}
