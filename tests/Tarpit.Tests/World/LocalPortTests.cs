using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Tests.Ssh;
using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>What a program on the machine gets from the machine's own ports is what answers there from outside, and nothing else answers anybody.</summary>
public sealed class LocalPortTests
{
    private static async Task<string> RunAsync(RunningTarpit tarpit, string command) => (await SshClient.CommandAsync(tarpit, command)).Output;

    [Fact]
    public async Task Each_port_that_listens_answers_and_no_other_does()
    {
        await using RunningTarpit tarpit = new();
        string listening = await RunAsync(tarpit, "ss -tlnH | awk '{print $4}' | grep -oE '[0-9]+$' | sort -nu");
        foreach (string port in listening.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string host = port is "953" or "33060" ? "127.0.0.1" : "localhost";
            Assert.Equal("0\n", await RunAsync(tarpit, $"nc -z {host} {port}; echo $?"));
        }

        Assert.Equal("1\n", await RunAsync(tarpit, "nc -z 127.0.0.1 4444; echo $?"));
        Assert.Contains("Couldn't connect to server", await RunAsync(tarpit, "curl -sS http://127.0.0.1:4444/ 2>&1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_website_of_the_machine_is_seen_by_curl_and_wget()
    {
        await using RunningTarpit tarpit = new();
        await RunAsync(tarpit, "echo '<p>hello</p>' > /var/www/html/x.html");
        Assert.Equal("<p>hello</p>\n", await RunAsync(tarpit, "curl -s localhost/x.html"));
        Assert.Equal("<p>hello</p>\n", await RunAsync(tarpit, "wget -qO- http://127.0.0.1/x.html"));
        Assert.Equal("200 13\n", await RunAsync(tarpit, "curl -so /tmp/got -w '%{http_code} %{size_download}\\n' http://localhost/x.html"));
        Assert.Equal("<p>hello</p>\n", await RunAsync(tarpit, "cat /tmp/got"));
        Assert.StartsWith("HTTP/1.1 200 OK\r\nDate: ", await RunAsync(tarpit, "curl -sI http://localhost/x.html"), StringComparison.Ordinal);
        Assert.Equal("22\n", await RunAsync(tarpit, "curl -sf http://localhost/missing.html; echo $?"));
        Assert.Contains("ERROR 404: Not Found.\n\n8\n", await RunAsync(tarpit, "wget http://localhost/missing.html 2>&1; echo $?"), StringComparison.Ordinal);
        Assert.Equal("60\n", await RunAsync(tarpit, "curl -s https://localhost/; echo $?"));
        Assert.Equal("<p>hello</p>\n", await RunAsync(tarpit, "curl -sk https://localhost/x.html"));
        Assert.Equal("root\n", await RunAsync(tarpit, "curl -s file:///etc/passwd | head -1 | cut -d: -f1"));
    }

    [Fact]
    public async Task Host_keys_come_from_ssh_servers_only()
    {
        await using RunningTarpit tarpit = new();
        Assert.Equal("ssh-ed25519\n0\n", await RunAsync(tarpit, "ssh-keyscan -t ed25519 localhost 2>/dev/null | cut -d' ' -f2; echo ${PIPESTATUS[0]}"));
        Assert.Matches("^# localhost:22 SSH-2[.]0-OpenSSH_", await RunAsync(tarpit, "ssh-keyscan -t ed25519 localhost 2>&1 >/dev/null"));
        Assert.Equal("1\n", await RunAsync(tarpit, "ssh-keyscan -T 1 -p 80 localhost 2>&1; echo $?"));
    }

    [Fact]
    public async Task Programs_talk_to_the_services()
    {
        await using RunningTarpit tarpit = new();
        Assert.StartsWith("SSH-2.0-OpenSSH_9.6p1 Ubuntu", await RunAsync(tarpit, "echo x | nc -w 1 localhost 22"), StringComparison.Ordinal);
        Assert.Equal("HTTP/1.1 200 OK\r\n", await RunAsync(tarpit, "exec 3<>/dev/tcp/127.0.0.1/80; printf 'HEAD /readme.html HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n' >&3; head -1 <&3"));
        Assert.Equal("open 22\nclosed 24\n", await RunAsync(tarpit, "for p in 22 24; do (echo > /dev/tcp/localhost/$p) 2>/dev/null && echo open $p || echo closed $p; done"));
        Assert.Equal("PONG\nOK\nv\n", await RunAsync(tarpit, "redis-cli ping; redis-cli set k v; redis-cli get k"));
        Assert.Contains("250", await RunAsync(tarpit, "printf 'EHLO me\\r\\nQUIT\\r\\n' | nc localhost 25"), StringComparison.Ordinal);
        Assert.Equal("root@localhost: Permission denied (publickey,password).\n255\n", await RunAsync(tarpit, "ssh -o BatchMode=yes -o StrictHostKeyChecking=no root@localhost id 2>&1 | tail -1; echo ${PIPESTATUS[0]}"));
        await RunAsync(tarpit, "mkdir -p ~/.ssh; ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519; cat ~/.ssh/id_ed25519.pub >> ~/.ssh/authorized_keys");
        Assert.Equal("uid=0(root) gid=0(root) groups=0(root)\n", await RunAsync(tarpit, "ssh -o StrictHostKeyChecking=no localhost id 2>/dev/null"));
    }

    [Theory]
    [InlineData("wget -q -t 1 http://198.51.100.9/x; echo $?", "4\n")]
    [InlineData("curl -s http://198.51.100.9/x; echo $?", "7\n")]
    [InlineData("curl -s http://example.com/x; echo $?", "6\n")]
    [InlineData("nc -w 1 198.51.100.9 80 </dev/null; echo $?", "1\n")]
    [InlineData("ssh -o ConnectTimeout=1 a@198.51.100.9 2>&1; echo $?", "ssh: connect to host 198.51.100.9 port 22: Connection timed out\n255\n")]
    [InlineData("nc -v 198.51.100.9 23 2>&1; echo $?", "nc: connect to 198.51.100.9 port 23 (tcp) failed: No route to host\n1\n")]
    public async Task Nobody_else_answers_and_what_was_asked_for_is_recorded(string command, string printed)
    {
        await using RunningTarpit tarpit = new();
        Assert.Equal(printed, await RunAsync(tarpit, command));
        Assert.NotNull(tarpit.Records.Last(ObservationKinds.Download));
    }

    [Theory]
    [InlineData("stat -c '%a %A %s %F %n' /etc/hostname", "644 -rw-r--r-- ")]
    [InlineData("stat -c %A /tmp", "drwxrwxrwt\n")]
    [InlineData("stat --printf='%U:%G\\n' /etc/shadow", "root:shadow\n")]
    [InlineData("stat -f -c %T /", "ext2/ext3\n")]
    [InlineData("stat -c '%N' /bin", "'/bin' -> 'usr/bin'\n")]
    public async Task Stat_tells_what_it_is_asked_for(string command, string begins) =>
        Assert.StartsWith(begins, await new VirtualHost().RunAsync(command), StringComparison.Ordinal);
}
