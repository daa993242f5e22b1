using Blackwall.Tarpit.Recording;
using Xunit;

namespace Blackwall.Tarpit.Tests.Ssh;

/// <summary>The OpenSSH client of the system logs in and works, with everything that both sides can speak.</summary>
public sealed class OpenSshTests
{
    private static readonly string[] s_exchanges =
    [
        "sntrup761x25519-sha512@openssh.com", "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
        "diffie-hellman-group-exchange-sha256", "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512", "diffie-hellman-group14-sha256",
    ];

    private static readonly string[] s_macs =
    [
        "umac-64-etm@openssh.com", "umac-128-etm@openssh.com", "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha1-etm@openssh.com",
        "umac-64@openssh.com", "umac-128@openssh.com", "hmac-sha2-256", "hmac-sha2-512", "hmac-sha1",
    ];

    [Theory]
    [InlineData("rsa-sha2-512")]
    [InlineData("rsa-sha2-256")]
    [InlineData("ecdsa-sha2-nistp256")]
    [InlineData("ssh-ed25519")]
    public async Task Every_key_exchange_works_with_every_host_key(string hostKey)
    {
        await using RunningTarpit tarpit = new();
        foreach (string exchange in s_exchanges)
        {
            SshClient.Result result = await SshClient.CommandAsync(tarpit, "echo $((6*7))", "", $"KexAlgorithms={exchange}", $"HostKeyAlgorithms={hostKey}");
            Assert.True(result is { ExitCode: 0, Output: "42\n" }, $"{exchange} with {hostKey}: {result}");
        }
    }

    [Theory]
    [InlineData("aes128-ctr")]
    [InlineData("aes192-ctr")]
    [InlineData("aes256-ctr")]
    public async Task Every_cipher_works_with_every_mac_with_and_without_compression(string cipher)
    {
        await using RunningTarpit tarpit = new();
        foreach (string mac in s_macs)
        {
            foreach (string compression in new[] { "no", "yes" })
            {
                SshClient.Result result = await SshClient.CommandAsync(tarpit, "wc -c; seq 1 3000 | tail -1", new string('x', 70_000), $"Ciphers={cipher}", $"MACs={mac}", $"Compression={compression}");
                Assert.True(result is { ExitCode: 0, Output: "70000\n3000\n" }, $"{cipher} {mac} {compression}: {result}");
            }
        }
    }

    [Theory]
    [InlineData("chacha20-poly1305@openssh.com")]
    [InlineData("aes128-gcm@openssh.com")]
    [InlineData("aes256-gcm@openssh.com")]
    public async Task Every_cipher_that_authenticates_by_itself_works(string cipher)
    {
        await using RunningTarpit tarpit = new();
        foreach (string compression in new[] { "no", "yes" })
        {
            SshClient.Result result = await SshClient.CommandAsync(tarpit, "wc -c; seq 1 3000 | tail -1", new string('x', 70_000), $"Ciphers={cipher}", $"Compression={compression}");
            Assert.True(result is { ExitCode: 0, Output: "70000\n3000\n" }, $"{cipher} {compression}: {result}");
        }
    }

    [Theory]
    [InlineData("chacha20-poly1305@openssh.com", "no")]
    [InlineData("aes128-ctr", "no")]
    [InlineData("aes256-gcm@openssh.com", "yes")]
    public async Task Keys_change_a_hundred_times_while_data_flows_both_ways(string cipher, string compression)
    {
        await using RunningTarpit tarpit = new();
        string input = string.Concat(Enumerable.Range(0, 90_000).Select(n => $"{n:x8}\n"));
        SshClient.Result result = await SshClient.CommandAsync(tarpit, "cat", input, $"Ciphers={cipher}", $"Compression={compression}", "RekeyLimit=16K");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(input, result.Output);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_recorded_and_so_is_the_right_one()
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { Accept = TarpitSettings.AcceptList, Credentials = ["root:other"] });
        SshClient.Result refused = await SshClient.CommandAsync(tarpit, "true");
        Assert.Equal(255, refused.ExitCode);
        Assert.Contains("Permission denied (publickey,password).", refused.Errors, StringComparison.Ordinal);
        Observation login = tarpit.Records.Last(ObservationKinds.Login)!;
        Assert.Equal(("root", "toor", "password", false), (login.User, login.Secret, login.Method, login.Success));

        await using RunningTarpit open = new();
        Assert.Equal(0, (await SshClient.CommandAsync(open, "true")).ExitCode);
        Assert.True(open.Records.Last(ObservationKinds.Login)!.Success);
    }

    [Fact]
    public async Task Output_errors_status_and_signals_come_as_from_a_real_server()
    {
        await using RunningTarpit tarpit = new();
        SshClient.Result result = await SshClient.CommandAsync(tarpit, "echo out; ls /nowhere; exit 7");
        Assert.Equal((7, "out\n", "ls: cannot access '/nowhere': No such file or directory\n"), (result.ExitCode, result.Output, result.Errors));
        Assert.Equal("255\n", (await SshClient.CommandAsync(tarpit, "cat | wc -c", new string('y', 255))).Output);
    }

    [Fact]
    public async Task A_forwarded_agent_has_a_socket_as_long_as_the_connection_lasts()
    {
        await using RunningTarpit tarpit = new();
        string folder = Directory.CreateTempSubdirectory("blackwall-agent-").FullName;
        try
        {
            // The client forwards an agent only where it has one.
            string agent = Path.Combine(folder, "agent");
            using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("ssh-agent", ["-D", "-a", agent]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            while (!File.Exists(agent))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            SshClient.Result result = await SshClient.CommandAsync(tarpit, "echo $SSH_AUTH_SOCK; ls -l $SSH_AUTH_SOCK | cut -c1-10", "", "-A", $"IdentityAgent={agent}", "PubkeyAuthentication=no");
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            string[] lines = result.Output.Split('\n');
            Assert.Matches("^/tmp/ssh-[A-Za-z0-9]{10}/agent\\.[0-9]+$", lines[0]);
            Assert.Equal("srw-------", lines[1]);
            Assert.Equal("\nnothing\n", (await SshClient.CommandAsync(tarpit, $"echo $SSH_AUTH_SOCK; test -e {lines[0]} || echo nothing")).Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task X11_is_refused_as_by_a_server_without_xauth()
    {
        await using RunningTarpit tarpit = new();
        SshClient.Result result = await SshClient.CommandAsync(
            tarpit, new Dictionary<string, string>(StringComparer.Ordinal) { ["DISPLAY"] = ":99" }, "echo \"[$DISPLAY]\"", "", "ForwardX11=yes", "ForwardX11Trusted=yes", "-v");
        Assert.Equal((0, "[]\n"), (result.ExitCode, result.Output));
        Assert.Contains("Remote: No xauth program; cannot forward X11.", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_shows_a_prompt_and_takes_keys()
    {
        await using RunningTarpit tarpit = new();
        SshClient.Result result = await SshClient.CommandAsync(tarpit, "bash", "whoamm\bi\nexit 3\n", "-tt");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"root@{tarpit.Runtime.Machine.HostName}:~# ", result.Output, StringComparison.Ordinal);
        Assert.Contains("\rroot\r\n", result.Output, StringComparison.Ordinal);
        Assert.NotNull(tarpit.Records.Last(ObservationKinds.Terminal));
    }

    [Fact]
    public async Task What_a_shell_wrote_into_a_file_is_kept_by_its_hash()
    {
        await using RunningTarpit tarpit = new();
        await SshClient.CommandAsync(tarpit, "cat > /tmp/dropper.sh; chmod +x /tmp/dropper.sh; /tmp/dropper.sh", "#!/bin/sh\necho dropped\n");
        Observation upload = tarpit.Records.Observations.First(o => o.Kind is ObservationKinds.Upload);
        Assert.Equal("/tmp/dropper.sh", upload.Name);
        Assert.Equal("#!/bin/sh\necho dropped\n"u8.ToArray(), tarpit.Records.Files[upload.Sha256!]);
        Assert.Equal("there\n", (await SshClient.CommandAsync(tarpit, "test -x /tmp/dropper.sh && echo there")).Output);
    }
}
