using System.Net;
using Blackwall.Tarpit.Tests.Ssh;
using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>One machine behind all protocols: what is done in the shell shows in the others.</summary>
public sealed class SharedWorldTests
{
    private static readonly TarpitSettings s_attempt = new() { AcceptAttempt = 1, DelayScale = 0, MaxConnectionsPerAddress = 4096, MaxStartups = "4096:30:4096" };

    private static async Task<SshClient.Result> WithKeyAsync(RunningTarpit tarpit, string key, string user, string command) => await SshClient.ToolAsync(
        "ssh", "", new Dictionary<string, string>(StringComparer.Ordinal),
        ["-F", "/dev/null", "-p", $"{tarpit.Port}", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", $"{user}@127.0.0.1", command]);

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public async Task A_key_that_was_left_lets_in_and_another_does_not(string type)
    {
        await using RunningTarpit tarpit = new(s_attempt);
        string folder = Directory.CreateTempSubdirectory("blackwall-keys").FullName;
        try
        {
            foreach (string name in new[] { "mine", "other" })
            {
                await SshClient.ToolAsync("ssh-keygen", "", new Dictionary<string, string>(StringComparer.Ordinal), ["-q", "-t", type, "-N", "", "-f", Path.Combine(folder, name)]);
            }

            string shared = (await File.ReadAllTextAsync(Path.Combine(folder, "mine.pub"), TestContext.Current.CancellationToken)).Trim();
            await SshClient.CommandAsync(tarpit, $"mkdir -p ~/.ssh; echo '{shared}' >> ~/.ssh/authorized_keys; echo there > /root/left");
            SshClient.Result result = await WithKeyAsync(tarpit, Path.Combine(folder, "mine"), "root", "cat /root/left; grep -c 'Accepted publickey for root' /var/log/auth.log");
            Assert.Equal("there\n1\n", result.Output);
            Assert.Equal(255, (await WithKeyAsync(tarpit, Path.Combine(folder, "other"), "root", "true")).ExitCode);
            Assert.Equal(255, (await WithKeyAsync(tarpit, Path.Combine(folder, "mine"), "ubuntu", "true")).ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_that_was_written_below_the_document_root_is_served_to_who_wrote_it()
    {
        await using RunningTarpit tarpit = new(s_attempt, 80);
        VirtualHost host = new(tarpit.Runtime.Visitors, IPAddress.Loopback);
        Assert.StartsWith("HTTP/1.1 404", await GetAsync(tarpit, "/mine.txt"), StringComparison.Ordinal);
        await host.RunAsync("echo owned > /var/www/html/mine.txt; echo '<?php echo \"shell ok\"; system($_GET[0]); ?>' > /var/www/html/s.php; echo secret > /var/www/html/no.txt; chmod 600 /var/www/html/no.txt; rm /var/www/html/readme.html");
        Assert.EndsWith("\r\n\r\nowned\n", await GetAsync(tarpit, "/mine.txt"), StringComparison.Ordinal);
        string script = await GetAsync(tarpit, "/s.php");
        Assert.Contains("shell ok", script, StringComparison.Ordinal);
        Assert.DoesNotContain("system(", script, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403", await GetAsync(tarpit, "/no.txt"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404", await GetAsync(tarpit, "/readme.html"), StringComparison.Ordinal);
        string listed = (await host.RunAsync("wc -c < /var/www/html/wp-includes/js/wp-util.js")).Trim();
        Assert.Contains($"Content-Length: {listed}\r\n", await GetAsync(tarpit, "/wp-includes/js/wp-util.js"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await GetAsync(tarpit, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_is_the_one_that_the_website_uses()
    {
        await using RunningTarpit tarpit = new(s_attempt);
        VirtualHost host = new(tarpit.Runtime.Visitors, IPAddress.Loopback);
        string password = (await host.RunAsync("grep DB_PASSWORD /var/www/html/wp-config.php | cut -d\"'\" -f4")).Trim(), user = (await host.RunAsync("grep DB_USER /var/www/html/wp-config.php | cut -d\"'\" -f4")).Trim();
        Assert.Equal($"{user}@localhost", (await host.RunAsync($"mysql -u {user} -p'{password}' -N -e 'select user()' 2>/dev/null")).Trim());
        Assert.Contains("ERROR 1045 (28000): Access denied for user", await host.RunAsync($"mysql -u {user} -pwrong -e 'select 1'"), StringComparison.Ordinal);
        string databases = await host.RunAsync("mysql -N -e 'show databases'");
        Assert.Contains("wordpress", databases, StringComparison.Ordinal);
        Assert.Contains("shop", databases, StringComparison.Ordinal);
        await host.RunAsync("mysql shop -e 'create table warning (t text); insert into warning values (\"pay\")'");
        Assert.Equal("pay", (await host.RunAsync("echo 'select t from shop.warning' | mysql -N")).Trim());
        Assert.Contains("INSERT INTO `warning` VALUES ('pay')", await host.RunAsync("mysqldump shop warning"), StringComparison.Ordinal);
        Assert.Contains("Can't connect to local MySQL server", await host.RunAsync("systemctl stop mysql; mysql -e 'select 1'"), StringComparison.Ordinal);
    }

    private static async Task<string> GetAsync(RunningTarpit tarpit, string path)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync(tarpit.EndPoint, TestContext.Current.CancellationToken);
        System.Net.Sockets.NetworkStream stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
