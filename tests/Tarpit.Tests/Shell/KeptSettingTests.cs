using System.Text;
using Blackwall.Tarpit.World.State;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>What root sets beside files is there for every command that shows it.</summary>
public sealed class KeptSettingTests
{
    private static readonly ScriptRun s_shell = new();

    [Theory]
    [InlineData("iptables -A INPUT -s 1.2.3.4 -p tcp --dport 22 -j DROP; iptables -S INPUT", "-P INPUT ACCEPT\n-A INPUT -s 1.2.3.4/32 -p tcp -m tcp --dport 22 -j DROP\n")]
    [InlineData("iptables -A INPUT -p tcp --dport 22 -j DROP; iptables -L INPUT -n", "Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \nDROP       6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:22\n")]
    [InlineData("iptables -P FORWARD DROP; iptables -A FORWARD -j ACCEPT; iptables -F; iptables-save | grep FORWARD", ":FORWARD DROP [0:0]\n")]
    [InlineData("iptables -I OUTPUT -d 8.8.8.8 -j REJECT; iptables-save > r; iptables -F; iptables-restore < r; iptables -S OUTPUT | tail -1", "-A OUTPUT -d 8.8.8.8/32 -j REJECT --reject-with icmp-port-unreachable\n")]
    [InlineData("iptables -A INPUT -j FOO; echo $?; iptables -D INPUT -j DROP; echo $?", "2\n1\n")]
    [InlineData("sysctl -w vm.nr_hugepages=128; cat /proc/sys/vm/nr_hugepages; echo 1 > /proc/sys/net/ipv4/ip_forward; sysctl -n net.ipv4.ip_forward", "vm.nr_hugepages = 128\n128\n1\n")]
    [InlineData("echo a > f; chattr +i f; lsattr f; echo b >> f; rm -f f; mv f g; cat f; chattr -i f; rm f; ls", "----i---------e------- f\na\n")]
    [InlineData("echo a > f; chattr +a f; echo b >> f; echo c > f; cat f", "a\nb\n")]
    [InlineData("mkdir t; mount -t tmpfs -o size=64m none $PWD/t; findmnt -n $PWD/t; grep -c $PWD/t /proc/mounts; umount t; findmnt $PWD/t; echo $?", "/tmp/w/t none tmpfs rw,relatime,size=64m,inode64\n1\n1\n")]
    [InlineData("dd if=/dev/zero of=s bs=64k count=4 2> /dev/null; chmod 600 s; mkswap s > /dev/null; swapon s; swapon --show | wc -l; grep -c /tmp/w/s /proc/swaps; swapoff -a; swapon --show", "2\n1\n")]
    [InlineData("ulimit -n 4096; ulimit -n; bash -c 'ulimit -n'; ulimit -c unlimited; ulimit -c", "4096\n4096\nunlimited\n")]
    [InlineData("cat /proc/self/cmdline | tr '\\0' ' '; readlink /proc/self/exe; cat /proc/self/comm; readlink /proc/$$/exe; cat /proc/$$/comm", "cat /proc/self/cmdline /usr/bin/readlink\ncat\n/usr/bin/bash\nbash\n")]
    [InlineData("(nc -l 4444 > got &); sleep 0.2; ss -ltn | grep -c :4444; echo hi | nc -q1 127.0.0.1 4444; sleep 0.2; cat got; ss -ltn | grep -c :4444", "1\nhi\n0\n")]
    [InlineData("echo hi > f; python3 -m http.server 9000 > log 2>&1 & sleep 0.2; curl -s localhost:9000/f; ss -ltn | grep -c :9000; kill %1", "hi\n1\n")]
    [InlineData("k=$(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2); cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub | base64 -d | sha256sum | cut -d' ' -f1 | xxd -r -p | base64 | tr -d '=' | sed 's/^/SHA256:/' | grep -c \"^$k$\"; stat -c %a /etc/ssh/ssh_host_rsa_key; head -1 /etc/ssh/ssh_host_rsa_key", "1\n600\n-----BEGIN OPENSSH PRIVATE KEY-----\n")]
    public async Task What_is_set_is_shown_again(string line, string expected)
    {
        (byte[] output, _, _) = await s_shell.RunAsync(line);
        Assert.Equal(expected, Encoding.UTF8.GetString(output));
    }

    [Theory]
    [InlineData("echo a > f; chattr +i f; rm f", "rm: cannot remove 'f': Operation not permitted")]
    [InlineData("echo a > f; chattr +i f; echo b > f", "bash: line 1: f: Operation not permitted")]
    [InlineData("sysctl -w kernel.osrelease=5", "sysctl: permission denied on key \"kernel.osrelease\"")]
    [InlineData("mount -t tmpfs none /nowhere", "mount: /nowhere: mount point does not exist.")]
    [InlineData("ulimit -n 99999999", "bash: line 1: ulimit: open files: cannot modify limit: Operation not permitted")]
    [InlineData("curl -v http://10.1.2.3/ -o x", "*   Trying 10.1.2.3:80...\n* connect to 10.1.2.3 port 80 failed: No route to host\n")]
    [InlineData("curl http://10.1.2.3/ -o x", "--:--:--  0:00:03 --:--:--")]
    public async Task What_is_refused_is_told_as_there(string line, string error)
    {
        (_, string errors, int exitCode) = await s_shell.RunAsync(line);
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        KeptSettings kept = new();
        Assert.True(kept.TrySet("a", "1"));
        Assert.False(kept.TrySet("b", new string('x', 10_000)));
        int room = 0;
        while (room < 1000 && kept.TrySet($"n{room}", "1"))
        {
            room++;
        }

        Assert.InRange(room, 1, 256);
        Assert.True(kept.TrySet("n0", null));
        Assert.True(kept.TrySet("again", "1"));
        Assert.Equal("1", kept.Get("again"));
    }
}
