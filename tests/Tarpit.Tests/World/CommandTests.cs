using Blackwall.Tarpit.Shell.Commands;
using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>How much of the machine answers, and that none of it fails in our own way.</summary>
public sealed class CommandTests
{
    private static readonly string[] s_untilStopped = ["yes", "tcpdump", "cat", "tail", "sleep", "watch", "top", "htop"];

    [Fact]
    public void More_than_three_hundred_programs_answer()
    {
        string[] all = [.. Catalogue.Programs.Keys.Concat(Catalogue.Builtins.Keys).Distinct(StringComparer.Ordinal)];
        Assert.True(all.Length >= 400, $"{all.Length}");
        Assert.True(Catalogue.Programs.Count >= 300, $"{Catalogue.Programs.Count}");
        Assert.DoesNotContain(Catalogue.Programs.Keys, name => MissingPrograms.Hint(name).StartsWith("Command '", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_ends_with_a_status_and_without_a_fault_whatever_it_is_given()
    {
        VirtualHost host = new();
        foreach (string name in Catalogue.Programs.Keys.Order(StringComparer.Ordinal).Except(s_untilStopped, StringComparer.Ordinal))
        {
            foreach (string arguments in new[] { "", "--help", "-l /etc/passwd", "x y z", "-1", "--=" })
            {
                // What would go on for ever is ended by the limit of the command line, as on a real machine by its user.
                (string output, int status) = await host.TryAsync($"timeout 1 {name} {arguments} < /dev/null");
                Assert.InRange(status, 0, 255);
                Assert.DoesNotContain("Exception:", output, StringComparison.Ordinal);
                Assert.DoesNotContain("   at Blackwall", output, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("/bin/busybox MIRAI", "MIRAI: applet not found")]
    [InlineData("busybox --list | wc -l", "2")]
    [InlineData("python3 -c 'print(7*6)'", "42")]
    [InlineData("perl -e 'print \"ok\\n\"'", "ok")]
    [InlineData("php -r 'echo \"ok\";'", "ok")]
    [InlineData("openssl version", "OpenSSL 3.0.13")]
    [InlineData("ssh-keygen -q -t ed25519 -N '' -f /tmp/k; ls /tmp/k.pub", "/tmp/k.pub")]
    [InlineData("echo text > /tmp/t; gzip -k /tmp/t; zcat /tmp/t.gz", "text")]
    [InlineData("mkdir /tmp/d; echo in > /tmp/d/f; tar czf /tmp/d.tgz -C /tmp d; rm -r /tmp/d; tar xzf /tmp/d.tgz -C /tmp; cat /tmp/d/f", "in")]
    [InlineData("sudo -u ubuntu id -un", "ubuntu")]
    [InlineData("su - www-data -s /bin/bash -c whoami", "www-data")]
    [InlineData("dmidecode -s system-manufacturer", "QEMU")]
    [InlineData("modinfo btrfs | head -1", "btrfs.ko.zst")]
    [InlineData("lsmod | grep -c virtio_net", "1")]
    [InlineData("git clone https://github.com/x/y", "Could not resolve host: github.com")]
    [InlineData("iptables -L -n | head -1", "Chain INPUT (policy ACCEPT)")]
    [InlineData("findmnt | grep vda1", "/dev/vda1")]
    [InlineData("tree -L 1 /var/www", "html")]
    [InlineData("mkfifo /tmp/p; ls -l /tmp/p | cut -c1", "p")]
    [InlineData("ls -l /dev/vda1 | cut -c1", "b")]
    [InlineData("visudo; nano; vi", "not a terminal")]
    public async Task Commands_do_what_they_are_for(string command, string shown) => Assert.Contains(shown, await new VirtualHost().RunAsync(command), StringComparison.Ordinal);
}
