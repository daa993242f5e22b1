using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Bridges.Tarpit;
using Blackwall.Tarpit.HostChannel.Wire;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>The operator's own decoy behind the web server of the confined process, which itself connects to nobody.</summary>
public sealed class DecoyTests : IDisposable
{
    private readonly TcpListener _decoy = new(IPAddress.Loopback, 0);
    private readonly TarpitAppliance _tarpit;

    public DecoyTests()
    {
        _decoy.Start();
        _tarpit = new TarpitAppliance($"decoy = \"http://{_decoy.LocalEndpoint}\"");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _tarpit.Dispose();
        _decoy.Dispose();
    }

    [Fact]
    public async Task What_the_decoy_answers_reaches_the_attacker_with_the_servers_face_and_credentials_are_recorded()
    {
        await _tarpit.ServesAsync();
        Task<string> asked = AnswerOnceAsync("HTTP/1.1 200 OK\r\nServer: decoy\r\nX-Shop: 1\r\nContent-Type: text/html\r\nContent-Length: 11\r\nConnection: close\r\n\r\nwelcome in\n");
        string answer = await TarpitAppliance.CurlAsync("-i", "-d", "username=admin&password=letmein", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_tarpit.Port}/login?x=1"));
        string request = await asked;
        Assert.StartsWith("POST /login?x=1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Host: 127.0.0.1:{_tarpit.Port}\r\n"), request, StringComparison.Ordinal);
        Assert.EndsWith("username=admin&password=letmein", request, StringComparison.Ordinal);
        Assert.Contains("\r\nServer: Apache/2.4.58 (Ubuntu)\r\nX-Shop: 1\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("welcome in\n", answer, StringComparison.Ordinal);

        JsonNode? login;
        while ((login = await LoginAsync()) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }

        Assert.Equal(("admin", "letmein"), ((string)login["user"]!, (string)login["secret"]!));
    }

    [Fact]
    public void A_broker_without_a_decoy_connects_nowhere_and_one_with_a_decoy_only_there()
    {
        List<byte[]> sent = [];
        using DecoyBroker none = new(null, (message, _) =>
        {
            sent.Add(message);
            return default;
        });
        byte[] open = new DecoyBytes(7, "10.0.0.1:80"u8).ToArray();
        Assert.False(none.Handle(FrameKind.DecoyOpen, open));
        Assert.Equal(0, none.Open);
        Assert.Empty(sent);

        using DecoyBroker broker = new((IPEndPoint)_decoy.LocalEndpoint, (_, _) => default);
        Assert.True(broker.Handle(FrameKind.DecoyOpen, open));
        using Socket accepted = _decoy.AcceptSocket();
        Assert.False(broker.Handle(FrameKind.DecoyOpen, open));
        Assert.False(broker.Handle(FrameKind.DecoySend, new DecoyBytes(8, "x"u8).ToArray()));
        Assert.False(broker.Handle(FrameKind.DecoyOpen, new byte[3]));
        Assert.Equal(1, broker.Open);
    }

    private async Task<JsonNode?> LoginAsync()
    {
        foreach (JsonNode? session in (await _tarpit.Api.GetFromJsonAsync<JsonNode>("sessions?limit=20", Cancellation))!["items"]!.AsArray())
        {
            JsonArray events = await _tarpit.EventsAsync(session!);
            if (events.FirstOrDefault(happened => (string)happened!["kind"]! is "login") is { } login)
            {
                return login;
            }
        }

        return null;
    }

    // Takes one request, body included, and answers it.
    private async Task<string> AnswerOnceAsync(string answer)
    {
        using TcpClient client = await _decoy.AcceptTcpClientAsync(Cancellation);
        NetworkStream stream = client.GetStream();
        StringBuilder request = new();
        byte[] buffer = new byte[4096];
        while (!request.ToString().EndsWith("letmein", StringComparison.Ordinal))
        {
            int got = await stream.ReadAsync(buffer, Cancellation);
            Assert.NotEqual(0, got);
            request.Append(Encoding.ASCII.GetString(buffer, 0, got));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Cancellation);
        return request.ToString();
    }
}
