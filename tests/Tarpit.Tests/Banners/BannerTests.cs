using System.Net.Sockets;
using System.Text;
using Blackwall.Tarpit.Recording;
using Xunit;

namespace Blackwall.Tarpit.Tests.Banners;

/// <summary>The small protocols as their servers answer: vsftpd 3.0.5, Postfix 3.8, Redis 7.0, xrdp, Samba 4.19 and telnetd.</summary>
public sealed class BannerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(21, "", "220 (vsFTPd 3.0.5)\r\n")]
    [InlineData(21, "SYST\r\n", "220 (vsFTPd 3.0.5)\r\n530 Please login with USER and PASS.\r\n")]
    [InlineData(21, "PASS x\r\nUSER root\r\nPASS toor\r\nQUIT\r\n", "220 (vsFTPd 3.0.5)\r\n503 Login with USER first.\r\n331 Please specify the password.\r\n530 Login incorrect.\r\n221 Goodbye.\r\n")]
    [InlineData(25, "MAIL FROM:<a@b>\r\n", "503 5.5.1 Error: send HELO/EHLO first\r\n")]
    [InlineData(25, "HELO x\r\nRCPT TO:<a@b>\r\nDATA\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@elsewhere.example>\r\nQUIT\r\n", "503 5.5.1 Error: need MAIL command\r\n503 5.5.1 Error: need RCPT command\r\n250 2.1.0 Ok\r\n454 4.7.1 <c@elsewhere.example>: Relay access denied\r\n221 2.0.0 Bye\r\n")]
    [InlineData(587, "EHLO x\r\nAUTH PLAIN AHJvb3QAdG9vcg==\r\n", "250 CHUNKING\r\n535 5.7.8 Error: authentication failed: (reason unavailable)\r\n")]
    [InlineData(587, "EHLO x\r\nAUTH LOGIN\r\ncm9vdA==\r\ndG9vcg==\r\n", "334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n535 5.7.8 Error: authentication failed: (reason unavailable)\r\n")]
    [InlineData(25, "GET / HTTP/1.1\r\n", "221 2.7.0 Error: I can break rules, too. Goodbye.\r\n")]
    [InlineData(6379, "PING\r\nECHO \"a b\"\r\n", "+PONG\r\n$3\r\na b\r\n")]
    [InlineData(6379, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nvv\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nDEL k\r\nGET k\r\n", "+OK\r\n$2\r\nvv\r\n:1\r\n$-1\r\n")]
    [InlineData(6379, "CONFIG SET dir /root/.ssh\r\nSLAVEOF 192.0.2.1 6379\r\nMODULE LOAD /tmp/x.so\r\n", "-ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config\r\n+OK\r\n-ERR MODULE command not allowed.")]
    [InlineData(6379, "nope a\r\nGET\r\n", "-ERR unknown command 'nope', with args beginning with: 'a' \r\n-ERR wrong number of arguments for 'get' command\r\n")]
    [InlineData(6379, "*1\r\nx", "-ERR Protocol error: expected '$', got 'x'\r\n")]
    [InlineData(6379, "*99999999\r\n", "-ERR Protocol error: invalid multibulk length\r\n")]
    [InlineData(6379, "SSH-2.0-x\r\n", "-ERR unknown command 'SSH-2.0-x', with args beginning with: \r\n")]
    [InlineData(23, "root\rx\r\n", "login: root\r\nPassword: ")]
    public async Task A_conversation_goes_as_with_the_real_server(ushort port, string said, string expected)
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { Accept = TarpitSettings.AcceptNever }, seemingPort: port);
        using Socket peer = await ConnectAsync(tarpit, said);
        await ReadUntilAsync(peer, expected);
    }

    [Fact]
    public async Task Each_greets_or_waits_as_the_owner_of_its_port_whatever_comes_first()
    {
        foreach ((ushort port, string greeting) in new (ushort, string)[] { (21, "220 (vsFTPd"), (25, "220 "), (3306, "8.0.41-0ubuntu"), (22, "SSH-2.0-OpenSSH") })
        {
            await using RunningTarpit tarpit = new(seemingPort: port);
            using Socket silent = await ConnectAsync(tarpit, "");
            await ReadUntilAsync(silent, greeting);
            using Socket strange = await ConnectAsync(tarpit, "\0\u0001garbage\r\n");
            await ReadUntilAsync(strange, greeting);
        }
    }

    [Theory]
    [InlineData(21, "USER admin\r\nPASS s3cret\r\n", "password")]
    [InlineData(25, "EHLO x\r\nAUTH PLAIN AGFkbWluAHMzY3JldA==\r\n", "plain")]
    [InlineData(6379, "AUTH admin s3cret\r\n", "auth")]
    [InlineData(23, "admin\r\ns3cret\r\n", "password")]
    public async Task Credentials_are_recorded(ushort port, string said, string method)
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { Accept = TarpitSettings.AcceptNever }, seemingPort: port);
        using Socket peer = await ConnectAsync(tarpit, said);
        Observation login = await WaitAsync(tarpit, ObservationKinds.Login);
        Assert.Equal(("admin", "s3cret", method, false), (login.User, login.Secret, login.Method, login.Success));
    }

    [Fact]
    public async Task Telnet_leads_to_the_shell_that_ssh_leads_to()
    {
        await using RunningTarpit tarpit = new(seemingPort: 23);
        using Socket peer = await ConnectAsync(tarpit, "\u00ff\u00fb\u0018\u00ff\u00fa\u0018\0xterm\u00ff\u00f0\u00ff\u00fa\u001f\0\u0064\0\u0020\u00ff\u00f0root\r\0toor\r\0");
        await ReadUntilAsync(peer, "# ");
        await peer.SendAsync("id\r\0"u8.ToArray(), Cancellation);
        await ReadUntilAsync(peer, "uid=0(root) gid=0(root)");
        Assert.Equal("id", (await WaitAsync(tarpit, ObservationKinds.Command)).Text);
        Observation terminal = await WaitAsync(tarpit, ObservationKinds.Terminal);
        Assert.Equal(("xterm", 100, 32), (terminal.Name, terminal.Columns, terminal.Rows));
    }

    [Fact]
    public async Task Mail_for_the_own_domain_is_kept_as_a_file()
    {
        await using RunningTarpit tarpit = new(seemingPort: 25);
        string domain = tarpit.Runtime.Website.Domain;
        using Socket peer = await ConnectAsync(tarpit, $"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<office@{domain}>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\n");
        await ReadUntilAsync(peer, "250 2.0.0 Ok: queued as ");
        Observation mail = tarpit.Records.Observations.Single(o => o.Sha256 is not null);
        Assert.Equal("Subject: x\r\n\r\n.dot\r\n", Encoding.ASCII.GetString(tarpit.Records.Files[mail.Sha256!]));
    }

    [Theory]
    [InlineData("0300002b26e00000000000436f6f6b69653a206d737473686173683d61646d696e0d0a0100080003000000", "030000130ed000000000000200080001000000")]
    [InlineData("0300002326e00000000000436f6f6b69653a206d737473686173683d61646d696e0d0a", "0300000b06d00000000000")]
    public async Task Remote_desktop_confirms_and_keeps_the_name(string request, string answer)
    {
        await using RunningTarpit tarpit = new(seemingPort: 3389);
        using Socket peer = await ConnectAsync(tarpit, Encoding.Latin1.GetString(Convert.FromHexString(request)));
        await ReadUntilAsync(peer, Encoding.Latin1.GetString(Convert.FromHexString(answer)));
        Assert.Equal("admin", (await WaitAsync(tarpit, ObservationKinds.Login)).User);
    }

    private static async Task<Observation> WaitAsync(RunningTarpit tarpit, string kind)
    {
        Observation? found;
        while ((found = tarpit.Records.Last(kind)) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }

        return found;
    }

    private static async Task<Socket> ConnectAsync(RunningTarpit tarpit, string said)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(tarpit.EndPoint, Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes(said), Cancellation);
        return socket;
    }

    private static async Task ReadUntilAsync(Socket socket, string expected)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            int got = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.True(got > 0, text.ToString());
            text.Append(Encoding.Latin1.GetString(buffer, 0, got));
        }
    }
}
