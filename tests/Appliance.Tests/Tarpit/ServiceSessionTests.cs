using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Bridges.Tarpit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>The services beside SSH and HTTP in the confined process: what works outside of it works behind the seal, and is told by the API.</summary>
public sealed class ServiceSessionTests : IDisposable
{
    private const string Name = "127.53.53.53";

    private readonly TarpitAppliance _tarpit = new("accept = \"always\"\ndelay_percent = 0\ncanaries = [\"backup:Tr0ub4dor\"]", $", \"udp:{Name}:53\"");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _tarpit.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_database_answers_a_real_client_also_in_tls(bool isTls)
    {
        await ServesAsync(3306);
        string output = await TarpitAppliance.RunAsync(
            "mariadb", "--no-defaults", isTls ? "--ssl" : "--skip-ssl", "-h", "127.0.0.1", "-P", $"{_tarpit.Port}", "-u", "root", "-ptoor", "-N", "-e", "SHOW DATABASES; SELECT COUNT(*) FROM shop.customers; SHOW STATUS LIKE 'Uptime'");
        Assert.Contains("wordpress\n240\nUptime\t", output, StringComparison.Ordinal);
        JsonNode session = await SessionAsync("mysql");
        Assert.Equal(("192.0.2.10", 3306, "root"), ((string)session["destination"]!, (int)session["destinationPort"]!, (string)session["user"]!));
        JsonArray events = await _tarpit.EventsAsync(session);
        JsonNode login = events.First(happened => (string)happened!["kind"]! is "login")!;
        Assert.Equal(("root", "toor"), ((string)login["user"]!, (string)login["secret"]!));
        Assert.Contains(events, happened => (string)happened!["kind"]! is "command" && (string)happened["text"]! is "SHOW DATABASES");
    }

    [Theory]
    [InlineData(21, "USER admin\r\nPASS s3cret\r\n", "530 Login incorrect.")]
    [InlineData(25, "EHLO x\r\nAUTH PLAIN AGFkbWluAHMzY3JldA==\r\n", "535 5.7.8 Error")]
    [InlineData(6379, "AUTH admin s3cret\r\n", "-WRONGPASS")]
    public async Task Credentials_for_small_protocols_are_told(ushort port, string said, string answer)
    {
        await ServesAsync(port);
        await TalkAsync(said, answer);
        JsonNode login = (await _tarpit.EventsAsync(await SessionAsync(port switch { 21 => "ftp", 25 => "smtp", _ => "redis" }))).First(happened => (string)happened!["kind"]! is "login")!;
        Assert.Equal(("admin", "s3cret"), ((string)login["user"]!, (string)login["secret"]!));
    }

    [Fact]
    public async Task Telnet_gives_the_shell()
    {
        await ServesAsync(23);
        await TalkAsync("root\r\0toor\r\0uname\r\0", "Linux\r\n");
        Assert.Contains(await _tarpit.EventsAsync(await SessionAsync("telnet")), happened => (string)happened!["kind"]! is "command" && (string)happened["text"]! is "uname");
    }

    [Fact]
    public async Task Names_are_answered_over_both_transports_and_never_with_more_than_was_asked()
    {
        await ServesAsync(53);
        string version = await TarpitAppliance.RunAsync("dig", "+tcp", "+short", "@127.0.0.1", "-p", $"{_tarpit.Port}", "version.bind", "CH", "TXT");
        Assert.StartsWith("\"9.18.", version, StringComparison.Ordinal);

        byte[] question = Convert.FromHexString("12340100000100000000000006676f6f676c6503636f6d0000010001");
        byte[] longer = Convert.FromHexString("1234010000010000000000000776657273696f6e0462696e640000100003");
        using Socket asker = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await asker.ConnectAsync(new IPEndPoint(IPAddress.Parse(Name), 53), Cancellation);
        Assert.Equal("12348105000100000000000006676f6f676c6503636f6d0000010001", Convert.ToHexStringLower(await AskAsync(asker, question)));
        byte[] cut = await AskAsync(asker, longer);
        Assert.Equal((longer.Length, 0x83), (cut.Length, cut[2]));
        Assert.Contains(await _tarpit.EventsAsync(await SessionAsync("dns")), happened => (string)happened!["kind"]! is "request");
    }

    [Fact]
    public async Task Planted_credentials_that_are_used_anywhere_are_evidence()
    {
        await ServesAsync(21);
        await TalkAsync("USER backup\r\nPASS Tr0ub4dor\r\n", "530");
        await EvidenceAsync("user 'backup'", "the tarpit");

        using HttpClient stranger = _tarpit.Factory.Stranger("198.51.100.77");
        stranger.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String("backup:Tr0ub4dor"u8));
        using HttpResponseMessage refused = await stranger.GetAsync(new Uri("decisions", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await EvidenceAsync("user 'backup'", "the API of this appliance");

        string token = Blackwall.Tarpit.PlantedCredentials.List(_tarpit.Factory.Services.GetRequiredService<TarpitIdentityFile>().ReadOrCreate(), TimeProvider.System)[^1][1..];
        using HttpClient other = _tarpit.Factory.Stranger("198.51.100.78", token);
        (await other.GetAsync(new Uri("decisions", UriKind.Relative), Cancellation)).Dispose();
        await EvidenceAsync("a token", "the API of this appliance");
        using HttpClient wrong = _tarpit.Factory.Stranger("198.51.100.79", "no-canary");
        (await wrong.GetAsync(new Uri("decisions", UriKind.Relative), Cancellation)).Dispose();
        JsonNode evidence = (await _tarpit.Api.GetFromJsonAsync<JsonNode>("events/history?kind=evidence", Cancellation))!;
        Assert.DoesNotContain("198.51.100.79", evidence.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Tr0ub4dor", evidence.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task EvidenceAsync(string what, string where)
    {
        while (true)
        {
            JsonNode evidence = (await _tarpit.Api.GetFromJsonAsync<JsonNode>("events/history?kind=evidence", Cancellation))!;
            if (evidence["items"]!.AsArray().Any(item => item!.ToString() is var text && text.Contains(CanaryWatch.EvidenceKind, StringComparison.Ordinal) && text.Contains(where, StringComparison.Ordinal)
                && text.Replace("\\u0027", "'", StringComparison.Ordinal).Contains(what, StringComparison.Ordinal)))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    private Task ServesAsync(ushort seemingPort)
    {
        _tarpit.Factory.Wall.Diverted[(ushort)_tarpit.Port] = seemingPort;
        return _tarpit.ServesAsync();
    }

    private static async Task<byte[]> AskAsync(Socket asker, byte[] question)
    {
        byte[] buffer = new byte[512];
        while (true)
        {
            await asker.SendAsync(question, Cancellation);
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                return buffer[..await asker.ReceiveAsync(buffer, limit.Token)];
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException && !Cancellation.IsCancellationRequested)
            {
                // Lost, or over the limit of its network: asked again.
            }
        }
    }

    private async Task TalkAsync(string said, string expected)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _tarpit.Port), Cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes(said), Cancellation);
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            int got = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.True(got > 0, text.ToString());
            text.Append(Encoding.Latin1.GetString(buffer, 0, got));
        }
    }

    private Task<JsonNode> SessionAsync(string protocol) =>
        _tarpit.SessionAsync(session => string.Equals((string)session["protocol"]!, protocol, StringComparison.Ordinal) && (protocol is "dns" || session["ended"] is not null));
}
