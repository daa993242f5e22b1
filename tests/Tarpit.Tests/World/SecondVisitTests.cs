using System.Net;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.World.State;
using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>Who comes back finds what he left, also when the process was started again in between, and from another address with what he set.</summary>
public sealed class SecondVisitTests
{
    private static readonly IPAddress s_first = IPAddress.Parse("198.51.100.7");
    private static readonly IPAddress s_second = IPAddress.Parse("198.51.100.8");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Visitors Start(KeptVisitors store) => new(VirtualHost.NewMachine(11), VirtualHost.Quick, store);

    private static async Task<VirtualHost> VisitAsync(Visitors visitors, IPAddress from)
    {
        _ = await visitors.FindAsync(from, Token);
        return new VirtualHost(visitors, from);
    }

    [Fact]
    public async Task Files_users_crontab_keys_name_services_and_processes_are_there_again()
    {
        KeptVisitors store = new();
        VirtualHost before = await VisitAsync(Start(store), s_first);
        await before.RunAsync("mkdir -p /opt/.x/y; echo payload > /opt/.x/y/run.sh; chmod 4711 /opt/.x/y/run.sh; ln -s /opt/.x /root/link; cp /bin/busybox /tmp/bb; rm -rf /root/.cache; chmod 700 /srv; echo evil >> /etc/hosts");
        await before.RunAsync("useradd -m -s /bin/bash -G sudo back; echo back:Door123 | chpasswd; echo '@reboot /opt/.x/y/run.sh' | crontab -; hostname owned; systemctl disable --now rsyslog; echo -n > /var/log/auth.log");
        await before.RunAsync("printf '\\177ELF\\001' > /tmp/m; chmod +x /tmp/m; /tmp/m -o pool:3333");
        await before.TypeAsync("echo from the first visit\rexit\r");

        VirtualHost after = await VisitAsync(Start(store), s_first);
        Assert.Equal("payload", (await after.RunAsync("cat /root/link/y/run.sh")).Trim());
        Assert.StartsWith("-rws--x--x 1 root root", await after.RunAsync("ls -l /opt/.x/y/run.sh"), StringComparison.Ordinal);
        Assert.Equal("drwx------", (await after.RunAsync("ls -ld /srv | cut -c1-10")).Trim());
        Assert.Contains("applet not found", await after.RunAsync("/tmp/bb NOSUCH"), StringComparison.Ordinal);
        Assert.Contains("No such file", await after.RunAsync("ls /root/.cache"), StringComparison.Ordinal);
        Assert.Contains("evil", await after.RunAsync("cat /etc/hosts"), StringComparison.Ordinal);
        Assert.Contains("27(sudo)", await after.RunAsync("id back"), StringComparison.Ordinal);
        Assert.Equal("@reboot /opt/.x/y/run.sh", (await after.RunAsync("crontab -l | tail -1")).Trim());
        Assert.Equal("owned", (await after.RunAsync("hostname")).Trim());
        Assert.Equal("inactive\ndisabled", (await after.RunAsync("systemctl is-active rsyslog; systemctl is-enabled rsyslog")).Trim());
        Assert.DoesNotContain("CRON", await after.RunAsync("head -1 /var/log/auth.log"), StringComparison.Ordinal);
        Assert.Contains("/tmp/m -o pool:3333", await after.RunAsync("ps aux"), StringComparison.Ordinal);
        Assert.Contains("echo from the first visit", await after.RunAsync("cat /root/.bash_history"), StringComparison.Ordinal);
        Assert.Contains($"from {s_first}", (await after.TypeAsync("exit\r")).Split("Last login")[1].Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal("drwxr-xr-x", (await (await VisitAsync(Start(store), s_second)).RunAsync("ls -ld /srv | cut -c1-10")).Trim());
    }

    [Fact]
    public async Task What_ran_in_the_background_runs_on_when_the_session_and_the_process_have_ended()
    {
        KeptVisitors store = new();
        VirtualHost before = await VisitAsync(Start(store), s_first);
        Assert.Contains("1 runs", await before.TypeAsync("printf '#!/bin/bash\\nwhile :; do sleep 30; done\\n' > /tmp/beacon; chmod +x /tmp/beacon\rnohup /tmp/beacon > /dev/null 2>&1 &\rsleep 1; echo $(pgrep -fc '^/bin/bash /tmp/beacon') runs\rexit\r"), StringComparison.Ordinal);

        VirtualHost after = await VisitAsync(Start(store), s_first);
        Assert.Equal("1\n1\n", await after.RunAsync("pgrep -c beacon; pgrep -fc '^/bin/bash /tmp/beacon'"));
        Assert.Equal("1\n", await after.RunAsync("pgrep -c beacon"));
        Assert.Equal("0\n", await after.RunAsync("pkill beacon; pgrep -c beacon"));
    }

    [Theory]
    [InlineData("nohup sleep 6000 > /dev/null 2>&1 & echo done")]
    [InlineData("(sleep 6000; echo late) &> /tmp/late & echo done")]
    public async Task A_job_that_writes_elsewhere_does_not_hold_the_connection(string command)
    {
        VirtualHost host = new();
        Assert.Equal("done\n", await host.RunAsync(command));
        Assert.Equal("1\n", await host.RunAsync("pgrep -fc 'sleep 6000|bash$' | sed 's/[2-9]/1/'"));

        // The positive control: what would write to the peer is waited for.
        Assert.Equal("done\nlate\n", await host.RunAsync("(sleep 1; echo late) & echo done"));
    }

    [Fact]
    public async Task Jobs_are_among_the_processes_while_they_run()
    {
        VirtualHost host = new();
        Assert.Equal("1\nsleep 100\n0\n", await host.RunAsync("sleep 100 & pgrep -cx sleep; ps -o args= -p $!; kill $!; wait $! 2>/dev/null; pgrep -cx sleep"));
    }

    [Fact]
    public async Task A_changed_password_is_the_one_that_logs_in_also_from_elsewhere_and_leads_to_the_same_machine()
    {
        KeptVisitors store = new();
        Visitors visitors = Start(store);
        AcceptPolicy policy = new(VirtualHost.Quick, ["root"], new FoundPasswords(new NoVisitorStore(), "ssh"));
        VisitorLogins logins = new(visitors, policy);
        Assert.True(await logins.AcceptsAsync(s_first, "root", "toor", Token));
        byte[] key = [0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 32, .. Enumerable.Repeat((byte)7, 32)];
        await (await VisitAsync(visitors, s_first)).RunAsync($"echo 'root:N3wOne' | chpasswd; touch /root/mine; mkdir -p ~/.ssh; echo 'ssh-ed25519 {Convert.ToBase64String(key)} x' >> ~/.ssh/authorized_keys");

        visitors = Start(store);
        logins = new VisitorLogins(visitors, policy);
        Assert.False(await logins.AcceptsAsync(s_first, "root", "toor", Token));
        Assert.True(await logins.AcceptsAsync(s_second, "root", "toor", Token));
        Assert.True(await logins.AcceptsAsync(s_first, "root", "N3wOne", Token));
        IPAddress third = IPAddress.Parse("198.51.100.9");
        Assert.True(await logins.AcceptsAsync(third, "root", "N3wOne", Token));
        Assert.Equal("/root/mine", (await (await VisitAsync(visitors, third)).RunAsync("ls /root/mine")).Trim());
        Assert.True(await logins.AcceptsKeyAsync(IPAddress.Parse("198.51.100.10"), "root", key, Token));
        Assert.False(await logins.AcceptsKeyAsync(IPAddress.Parse("198.51.100.10"), "ubuntu", key, Token));
        key[^1]++;
        Assert.False(await logins.AcceptsKeyAsync(IPAddress.Parse("198.51.100.10"), "root", key, Token));
    }

    [Fact]
    public void A_password_that_was_found_is_right_after_a_restart_too()
    {
        KeptVisitors store = new();
        AcceptPolicy policy = Policy();
        Assert.Equal([false, false, true, false], ((string[])["a", "b", "c", "d"]).Select(password => policy.Accepts(s_first, "root", password)));

        policy = Policy();
        Assert.Equal([false, false, false, true], ((string[])["a", "b", "d", "c"]).Select(password => policy.Accepts(s_first, "root", password)));
        Assert.True(policy.Accepts(s_second, "root", "c"));
        Assert.False(Policy("http").Accepts(s_second, "root", "c"));
        store.Records.Clear();
        Assert.False(Policy().Accepts(s_first, "root", "c"));

        AcceptPolicy Policy(string service = "ssh") => new(new TarpitSettings { AcceptAttempt = 3 }, ["root"], new FoundPasswords(store, service));
    }

    [Fact]
    public async Task A_user_who_is_gone_or_locked_does_not_log_in()
    {
        Visitors visitors = Start(new KeptVisitors());
        VisitorLogins logins = new(visitors, new AcceptPolicy(VirtualHost.Quick, ["root", "ubuntu"], new FoundPasswords(new NoVisitorStore(), "ssh")));
        VirtualHost host = await VisitAsync(visitors, s_first);
        await host.RunAsync("useradd -m one; echo one:Secret1 | chpasswd; useradd two; echo two:Secret2 | chpasswd; passwd -l two");
        Assert.True(await logins.AcceptsAsync(s_first, "one", "Secret1", Token));
        Assert.False(await logins.AcceptsAsync(s_first, "two", "Secret2", Token));
        await host.RunAsync("userdel one");
        Assert.False(await logins.AcceptsAsync(s_first, "one", "Secret1", Token));
    }

    [Fact]
    public async Task What_is_no_file_is_there_again()
    {
        KeptVisitors store = new();
        await (await VisitAsync(Start(store), s_first)).RunAsync("iptables -A INPUT -s 9.9.9.9 -j DROP; sysctl -w vm.swappiness=7; echo x > /root/f; chattr +i /root/f; mkdir /mnt/t; mount -t tmpfs none /mnt/t");
        string again = await (await VisitAsync(Start(store), s_first)).RunAsync("iptables -S INPUT | tail -1; cat /proc/sys/vm/swappiness; rm -f /root/f 2>&1; findmnt -n -o SOURCE,FSTYPE /mnt/t");
        Assert.Equal("-A INPUT -s 9.9.9.9/32 -j DROP\n7\nrm: cannot remove '/root/f': Operation not permitted\nnone tmpfs\n", again);
    }

    [Fact]
    public async Task A_record_that_is_damaged_harms_nobody()
    {
        KeptVisitors store = new();
        await (await VisitAsync(Start(store), s_first)).RunAsync("echo kept > /root/a; useradd x; crontab -r");
        byte[] whole = store.Records.Values.First(record => record[0] == VisitorRecord.Whole);
        Random random = new(5);
        FolderNode tree = Start(new KeptVisitors()).Tree;
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = [.. whole.AsSpan(0, random.Next(1, whole.Length + 1))];
            for (int n = random.Next(0, 6); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            MachineState state = new(VirtualHost.NewMachine(11));
            Visitor visitor = new(new byte[32], new FileSystem(tree, TimeProvider.System), state);
            _ = VisitorRecord.TryRead(damaged, visitor);
            Assert.NotNull(visitor.Files.Find("/etc"));
        }

        foreach (string name in store.Records.Keys)
        {
            store.Records[name] = [VisitorRecord.Whole, 1, 2, 3];
        }

        Assert.Equal("root", (await (await VisitAsync(Start(store), s_first)).RunAsync("whoami")).Trim());
    }

    [Fact]
    public async Task A_record_is_bounded()
    {
        KeptVisitors store = new();
        VirtualHost host = await VisitAsync(Start(store), s_first);
        await host.RunAsync("for i in 1 2 3; do head -c 3000000 /dev/urandom > /tmp/big$i; done; echo small > /tmp/small");
        Assert.All(store.Records.Values, record => Assert.InRange(record.Length, 1, VisitorRecord.Largest));
        Assert.Equal("small", (await (await VisitAsync(Start(store), s_first)).RunAsync("cat /tmp/small")).Trim());
    }
}
