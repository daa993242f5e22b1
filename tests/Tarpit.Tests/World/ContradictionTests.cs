using System.Globalization;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.World.State;
using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>What an intruder compares: two answers about one fact, also after he changed it.</summary>
public sealed partial class ContradictionTests
{
    private readonly VirtualHost _host = new();

    private async Task<string[]> LinesAsync(string command) => (await _host.RunAsync(command)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private async Task AssertSameAsync(params string[] commands)
    {
        List<string> answers = [];
        foreach (string command in commands)
        {
            answers.Add((await _host.RunAsync(command)).Trim());
        }

        Assert.NotEqual("", answers[0]);
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
    }

    [Fact]
    public async Task What_a_visitor_does_is_in_the_logs()
    {
        await _host.RunAsync("useradd -m eve; echo eve:secret1 | chpasswd; su eve -c id; logger -t upkeep done");
        Assert.Equal(["useradd", "useradd", "chpasswd", "su", "su"], await LinesAsync("grep -w eve /var/log/auth.log | grep -oE '(useradd|chpasswd|su)\\[' | tr -d '['"));
        Assert.Equal(["done"], await LinesAsync("grep -o 'upkeep: .*' /var/log/syslog | cut -d' ' -f2"));
        await AssertSameAsync("grep -c 'new user: name=eve' /var/log/auth.log", "journalctl --no-pager | grep -c 'new user: name=eve'");
        await AssertSameAsync("crontab -l | tail -1 | cut -d' ' -f6-", "cat /var/log/syslog.1 /var/log/syslog | grep -oE '\\(root\\) CMD \\(/root/.*' | tail -1 | sed 's/.*CMD (//; s/)$//'");
    }

    [Fact]
    public async Task Processor_time_of_a_process()
    {
        const string seconds = "awk -F'[:-]' '{for(n=1;n<=NF;n++)t=t*(n==NF-2&&NF==4?24:60)+$n;print int(t)}'", process = "$(pgrep -x mysqld)";
        string[] times = await LinesAsync($"ps -o time= -p {process} | {seconds}; awk '{{print int(($14+$15)/100)}}' /proc/{process}/stat; top -bn1 | awk '/ mysqld$/{{print $11}}' | {seconds}");
        Assert.Equal(3, times.Length);
        int[] told = [.. times.Select(time => int.Parse(time, CultureInfo.InvariantCulture))];
        Assert.InRange(told.Max() - told.Min(), 0, 2);

        // A machine that is up for days has spent time on it.
        Assert.InRange(told[0], 100, int.MaxValue);
    }

    [Fact]
    public async Task Processors() => await AssertSameAsync("nproc", "grep -c ^processor /proc/cpuinfo", "lscpu | grep '^CPU(s):' | awk '{print $2}'", "getconf _NPROCESSORS_ONLN", "ls -d /sys/devices/system/cpu/cpu[0-9]* | wc -l", "grep -c '^cpu[0-9]' /proc/stat");

    [Fact]
    public async Task Memory()
    {
        await AssertSameAsync("free | grep Mem | awk '{print $2}'", "grep MemTotal /proc/meminfo | awk '{print $2}'");
        Assert.Equal((await _host.RunAsync("free -m | grep Mem | awk '{print $2}'")).Trim(), (long.Parse((await _host.RunAsync("grep MemTotal /proc/meminfo | awk '{print $2}'")).Trim(), CultureInfo.InvariantCulture) / 1024).ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Disks()
    {
        Assert.Equal(await LinesAsync("df | grep ^/dev | awk '{print $1, $6}' | sort"), await LinesAsync("grep ^/dev /proc/mounts | awk '{print $1, $2}' | sort"));
        Assert.Equal(await LinesAsync("mount | grep ^/dev | awk '{print $1, $3}' | sort"), await LinesAsync("grep ^/dev /proc/mounts | awk '{print $1, $2}' | sort"));
        foreach (string device in await LinesAsync("grep ^/dev /proc/mounts | awk '{print $1}'"))
        {
            Assert.Contains(device.Split('/')[^1], await _host.RunAsync("lsblk"), StringComparison.Ordinal);
            Assert.Contains(device, await _host.RunAsync("blkid"), StringComparison.Ordinal);
        }

        string root = (await _host.RunAsync("blkid | grep vda1: | sed 's/.* UUID=\"//; s/\".*//'")).Trim();
        Assert.Contains(root, await _host.RunAsync("cat /proc/cmdline"), StringComparison.Ordinal);
        Assert.Contains(root, await _host.RunAsync("ls /dev/disk/by-uuid"), StringComparison.Ordinal);
        long used = long.Parse((await LinesAsync("df / | tail -1 | awk '{print $3}'"))[0], CultureInfo.InvariantCulture), sum = long.Parse((await LinesAsync("du -s / | awk '{print $1}'"))[0], CultureInfo.InvariantCulture);
        Assert.InRange(used, sum / 2, sum * 3);
    }

    [Fact]
    public async Task The_name_of_the_machine_also_after_it_changed()
    {
        await AssertSameAsync("hostname", "cat /etc/hostname", "uname -n", "cat /proc/sys/kernel/hostname", "hostnamectl | grep Static | awk '{print $3}'");
        string shown = await _host.TypeAsync("hostname box7\rexit\r");
        Assert.Contains("@box7:", await _host.TypeAsync("exit\r"), StringComparison.Ordinal);
        Assert.DoesNotContain("@box7:", shown.Split("hostname box7")[0], StringComparison.Ordinal);
        await AssertSameAsync("hostname", "uname -n", "cat /proc/sys/kernel/hostname");
        await _host.RunAsync("hostnamectl set-hostname box8");
        await AssertSameAsync("hostname", "cat /etc/hostname", "uname -n", "cat /proc/sys/kernel/hostname");
    }

    [Fact]
    public async Task The_kernel()
    {
        string kernel = (await _host.RunAsync("uname -r")).Trim();
        foreach (string command in new[] { "cat /proc/version", "ls /boot", "ls /lib/modules", "hostnamectl", "cat /proc/sys/kernel/osrelease", "dmesg", "cat /proc/cmdline", "dpkg -l", "ls /usr/src" })
        {
            Assert.Contains(kernel, await _host.RunAsync(command), StringComparison.Ordinal);
        }

        string release = (await _host.RunAsync("lsb_release -ds")).Trim();
        foreach (string command in new[] { "cat /etc/os-release", "cat /etc/lsb-release", "cat /etc/issue", "hostnamectl" })
        {
            Assert.Contains(release, await _host.RunAsync(command), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ports_that_answer_are_listed_and_belong_to_processes()
    {
        int[] listed = [.. (await LinesAsync("ss -Hltn | awk '{print $4}'")).Select(local => int.Parse(local[(local.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture))];
        IReadOnlyList<int> ports = await RunningPorts.ReadAsync();
        Assert.All(ports, port => Assert.Contains(port, listed));
        Assert.Equal(listed.Distinct().Order(), (await LinesAsync("netstat -ltn | grep LISTEN | awk '{print $4}' | sed 's/.*://'")).Select(port => int.Parse(port, CultureInfo.InvariantCulture)).Distinct().Order());
        foreach (string process in (await LinesAsync("ss -Hltnp")).Select(line => ProcessNumber().Match(line).Groups["id"].Value).Distinct())
        {
            Assert.Equal(process, (await _host.RunAsync($"ps -o pid= -p {process}")).Trim());
            Assert.Contains($"Pid:\t{process}\n", await _host.RunAsync($"cat /proc/{process}/status"), StringComparison.Ordinal);
        }

        Assert.Contains(":0016 ", await _host.RunAsync("cat /proc/net/tcp"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_stopped_has_no_process_and_no_port()
    {
        Assert.NotEmpty(await LinesAsync("pgrep -x apache2"));
        Assert.Equal("active", (await _host.RunAsync("systemctl is-active apache2")).Trim());
        await _host.RunAsync("service apache2 stop");
        Assert.Empty(await LinesAsync("pgrep -x apache2"));
        Assert.Equal("inactive", (await _host.RunAsync("systemctl is-active apache2")).Trim());
        Assert.DoesNotContain(":80 ", await _host.RunAsync("ss -ltn"), StringComparison.Ordinal);
        await _host.RunAsync("systemctl start apache2");
        string main = (await _host.RunAsync("systemctl show -p MainPID --value apache2")).Trim();
        Assert.Contains(main, await LinesAsync("pgrep -x apache2"));
        Assert.Contains(":80 ", await _host.RunAsync("ss -ltn"), StringComparison.Ordinal);
        foreach (SystemService service in SystemServices.All)
        {
            Assert.Contains($"Description={service.Description}", await _host.RunAsync($"systemctl cat '{service.Name}'"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Processes_show_the_own_session_and_go_when_they_are_killed()
    {
        string[] own = await LinesAsync("ps -eo user,cmd | grep sshd");
        Assert.Contains(own, line => line.Contains("sshd: root [priv]", StringComparison.Ordinal));
        Assert.Contains(own, line => line.Contains("sshd: root@notty", StringComparison.Ordinal));
        string shown = await _host.TypeAsync("ps\rtty\rexit\r");
        Assert.Matches(@"\d+ pts/\d+ +00:00:00 bash", shown);
        Assert.Matches(@"\d+ pts/\d+ +00:00:00 ps", shown);
        await _host.RunAsync("printf '\\177ELF\\001' > /tmp/kworkerd; chmod +x /tmp/kworkerd; /tmp/kworkerd -B");
        string id = (await LinesAsync("pgrep -f 'kworkerd -B'"))[0];
        Assert.Contains("/tmp/kworkerd -B", await _host.RunAsync("ps aux"), StringComparison.Ordinal);
        Assert.Contains("kworkerd", await _host.RunAsync($"cat /proc/{id}/cmdline; ls -l /proc/{id}/exe; top -bn1"), StringComparison.Ordinal);
        await _host.RunAsync($"kill -9 {id}");
        Assert.DoesNotContain("/tmp/kworkerd -B", await _host.RunAsync("ps aux"), StringComparison.Ordinal);
        Assert.Contains("No such file or directory", await _host.RunAsync($"ls /proc/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_of_the_machine()
    {
        long boot = long.Parse((await _host.RunAsync("grep btime /proc/stat | awk '{print $2}'")).Trim(), CultureInfo.InvariantCulture);
        double up = double.Parse((await _host.RunAsync("awk '{print $1}' /proc/uptime")).Trim(), CultureInfo.InvariantCulture);
        long now = long.Parse((await _host.RunAsync("date +%s")).Trim(), CultureInfo.InvariantCulture);
        Assert.InRange(now - boot - up, -5, 5);
        string since = DateTimeOffset.FromUnixTimeSeconds(boot).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        Assert.Contains(since, await _host.RunAsync("who -b"), StringComparison.Ordinal);
        Assert.Contains(since, await _host.RunAsync("uptime -s"), StringComparison.Ordinal);
        Assert.Contains($"up {(int)(up / 86_400)} days", await _host.RunAsync("uptime"), StringComparison.Ordinal);
        Assert.Contains(DateTimeOffset.FromUnixTimeSeconds(boot).ToString("MMM d HH:mm", CultureInfo.InvariantCulture), (await _host.RunAsync("last reboot")).Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_logged_in_is_in_the_logs()
    {
        string shown = await _host.TypeAsync("w; who; last; tail -5 /var/log/auth.log; journalctl -n 4 -u ssh\rexit\r");
        Assert.Equal(5, Regex.Count(shown.Replace("Accepted", "", StringComparison.Ordinal), Regex.Escape(_host.From.ToString()) + @"[ )\r]", RegexOptions.None, TimeSpan.FromSeconds(5)));
        Assert.Contains("still logged in", shown, StringComparison.Ordinal);
        Assert.Contains($"Accepted password for root from {_host.From}", shown, StringComparison.Ordinal);
        Assert.Contains($"Last login: ", await _host.TypeAsync("exit\r"), StringComparison.Ordinal);
        Assert.Contains($" from {_host.From}", (await _host.TypeAsync("exit\r")).Split("Last login")[1].Split('\n')[0], StringComparison.Ordinal);
        await _host.RunAsync("echo -n > /var/log/auth.log");
        Assert.DoesNotContain("CRON", await _host.RunAsync("cat /var/log/auth.log"), StringComparison.Ordinal);
        string own = await _host.RunAsync("cat /var/log/auth.log");
        Assert.True(own.Contains("session opened for user root", StringComparison.Ordinal), own);
        await AssertSameAsync("stat -c %s /var/log/kern.log", "wc -c < /var/log/kern.log");
    }

    [Fact]
    public async Task Accounts_after_changes()
    {
        await _host.RunAsync("useradd -m -s /bin/bash -G sudo,adm eve; echo 'eve:Winter12' | chpasswd");
        await AssertSameAsync("id -u eve", "getent passwd eve | cut -d: -f3", "grep ^eve: /etc/passwd | cut -d: -f3", "stat -c %U /home/eve | sed 's/eve/'$(id -u eve)'/'");
        Assert.Equal("eve adm sudo", (await _host.RunAsync("id -Gn eve")).Trim());
        Assert.Equal("eve : eve adm sudo", (await _host.RunAsync("groups eve")).Trim());
        Assert.StartsWith("eve:$y$", await _host.RunAsync("grep ^eve: /etc/shadow"), StringComparison.Ordinal);
        await _host.RunAsync("usermod -aG docker eve; usermod -aG www-data eve; usermod -s /bin/sh eve");
        Assert.Contains("www-data", await _host.RunAsync("id eve"), StringComparison.Ordinal);
        Assert.EndsWith(":/bin/sh", (await _host.RunAsync("getent passwd eve")).Trim(), StringComparison.Ordinal);
        Assert.Contains(".bashrc", await _host.RunAsync("ls -a /home/eve"), StringComparison.Ordinal);
        Assert.StartsWith("uid=1003(eve)", await _host.RunAsync("su - eve -c id"), StringComparison.Ordinal);
        await _host.RunAsync("userdel -r eve");
        Assert.Equal("id: ‘eve’: no such user", (await _host.RunAsync("id eve")).Trim());
        Assert.Empty(await LinesAsync("getent passwd eve; grep eve /etc/passwd /etc/shadow /etc/group; ls -d /home/eve 2>/dev/null"));
    }

    [Fact]
    public async Task Crontabs()
    {
        await _host.RunAsync("(crontab -l; echo '@reboot /tmp/.x') | crontab -");
        Assert.Equal("@reboot /tmp/.x", (await _host.RunAsync("crontab -l | tail -1")).Trim());
        Assert.Equal("@reboot /tmp/.x", (await _host.RunAsync("tail -1 /var/spool/cron/crontabs/root")).Trim());
        Assert.Equal("no crontab for ubuntu", (await _host.RunAsync("crontab -l -u ubuntu")).Trim());
        await _host.RunAsync("crontab -r");
        Assert.Equal("no crontab for root", (await _host.RunAsync("crontab -l")).Trim());
        Assert.Empty(await LinesAsync("ls /var/spool/cron/crontabs"));
    }

    [Fact]
    public async Task The_network()
    {
        await AssertSameAsync("ip -4 -o addr show eth0 | awk '{print $4}' | cut -d/ -f1", "hostname -I", "ifconfig eth0 | grep 'inet ' | awk '{print $2}'", "ip route | grep 'proto kernel' | sed 's/.* src //' | awk '{print $1}'");
        await AssertSameAsync("cat /sys/class/net/eth0/address", "ip link show eth0 | grep ether | awk '{print $2}'", "ifconfig eth0 | grep ether | awk '{print $2}'");
        await AssertSameAsync("ip route | grep default | awk '{print $3}'", "route -n | grep UG | awk '{print $2}'", "ip neigh | awk '{print $1}'", "netstat -rn | grep UG | awk '{print $2}'");
        await AssertSameAsync("ip neigh | awk '{print $5}'", "arp -n | tail -1 | awk '{print $3}'", "tail -1 /proc/net/arp | awk '{print $4}'");
    }

    [Fact]
    public async Task Packages_and_programs()
    {
        Assert.Equal("coreutils: /usr/bin/ls", (await _host.RunAsync("dpkg -S $(which ls)")).Trim());
        foreach (string program in new[] { "bash", "grep", "curl", "sshd", "apache2", "mysql", "perl", "python3.12", "systemctl", "vim.basic" })
        {
            string path = (await _host.RunAsync($"which {program}")).Trim();
            Assert.NotEqual("", path);
            string package = (await _host.RunAsync($"dpkg -S {path}")).Split(':')[0];
            Assert.Contains(path + "\n", await _host.RunAsync($"dpkg -L {package}"), StringComparison.Ordinal);
            Assert.Contains("Status: install ok installed", await _host.RunAsync($"dpkg -s {package}"), StringComparison.Ordinal);
            string version = (await _host.RunAsync($"dpkg -s {package} | grep ^Version: | cut -d' ' -f2")).Trim();
            Assert.Contains(version, await _host.RunAsync($"dpkg -l {package}"), StringComparison.Ordinal);
            Assert.Contains(version, await _host.RunAsync($"apt-cache policy {package}"), StringComparison.Ordinal);
            Assert.Contains(version, await _host.RunAsync($"apt list --installed {package} 2>/dev/null"), StringComparison.Ordinal);
        }

        await AssertSameAsync("dpkg -l | grep -c ^ii", "grep -c '^Package:' /var/lib/dpkg/status", "ls /var/lib/dpkg/info/*.list | wc -l", "apt list --installed 2>/dev/null | grep -c installed");
        Assert.Equal("", await _host.RunAsync("dpkg -V"));
        await _host.RunAsync("echo evil >> /usr/bin/ldd; rm /usr/share/doc/bash/copyright");
        Assert.Contains("/usr/bin/ldd", await _host.RunAsync("dpkg -V libc-bin"), StringComparison.Ordinal);
        Assert.StartsWith("missing", await _host.RunAsync("dpkg -V bash"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_installed_is_not_there_and_Ubuntu_says_where_it_is()
    {
        string shown = await _host.TypeAsync("docker ps\rnmap -sP 10.0.0.0/24\rfrobnicate\rexit\r");
        Assert.Contains("Command 'docker' not found, but can be installed with:", shown, StringComparison.Ordinal);
        Assert.Contains("apt install nmap", shown, StringComparison.Ordinal);
        Assert.Contains("frobnicate: command not found", shown, StringComparison.Ordinal);
        Assert.Equal("", await _host.RunAsync("which docker nmap gcc"));
        Assert.Contains("Temporary failure resolving 'archive.ubuntu.com'", await _host.RunAsync("apt-get install -y nmap"), StringComparison.Ordinal);
        Assert.Contains("Unable to locate package frobnicate", await _host.RunAsync("apt install frobnicate"), StringComparison.Ordinal);
        Assert.Contains("bash is already the newest version", await _host.RunAsync("apt-get install bash"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"pid=(?<id>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProcessNumber();
}
