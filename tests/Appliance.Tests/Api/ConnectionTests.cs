using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Blackwall.Api.Connections;
using Blackwall.Pipeline.Model;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>Whoever has no key keeps nobody out who has one.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ConnectionGate _gate;
    private readonly List<(ConnectionTicket Ticket, Recorded Connection)> _tickets = [];

    public ConnectionTests() => _gate = new ConnectionGate(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _tickets.ForEach(one => _gate.Leave(one.Ticket));

    [Fact]
    public void A_connection_without_a_key_ends_after_a_while_and_one_with_a_key_stays()
    {
        ConnectionTicket idle = Open("192.0.2.1");
        ConnectionTicket used = Open("192.0.2.1");
        used.Prove(1);
        _clock.Advance(ConnectionGate.Patience - TimeSpan.FromSeconds(1));
        Assert.Equal((1L, 1L), (_gate.Read()["withoutKey"], _gate.Read()["withKey"]));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((true, false), (IsClosed(idle), IsClosed(used)));
        Assert.Equal((0L, 1L, 1L), (_gate.Read()["withoutKey"], _gate.Read()["withKey"], _gate.Read()["timedOut"]));
    }

    [Theory]
    [InlineData("192.0.2.{0}", false)]
    [InlineData("2001:db8:{0:x}::1", false)]
    [InlineData("2001:db8::{0:x}", true)]
    public void The_oldest_of_a_source_makes_room_for_its_next_and_a_slash_64_is_one_source(string addresses, bool together)
    {
        for (int i = 1; i <= ConnectionGate.MostOfSource; i++)
        {
            Open(string.Format(System.Globalization.CultureInfo.InvariantCulture, addresses, i));
        }

        ConnectionTicket next = Open(string.Format(System.Globalization.CultureInfo.InvariantCulture, addresses, ConnectionGate.MostOfSource + 1));
        Assert.Equal((together, false), (IsClosed(_tickets[0].Ticket), IsClosed(next)));
        Assert.Equal(together ? 1 : 0, _gate.Read()["displaced"]);
    }

    [Fact]
    public void Many_sources_fill_no_more_than_their_places_and_the_one_with_most_gives_way()
    {
        ConnectionTicket[] greedy = [.. Enumerable.Range(0, ConnectionGate.MostOfSource).Select(_ => Open("192.0.2.1"))];
        for (int i = 0; i < ConnectionGate.MostUnproven - ConnectionGate.MostOfSource; i++)
        {
            Open($"10.0.{i / 200}.{i % 200}");
        }

        ConnectionTicket newcomer = Open("203.0.113.1");
        Assert.Equal((true, false, false), (IsClosed(greedy[0]), IsClosed(greedy[1]), IsClosed(newcomer)));
        Assert.Equal(ConnectionGate.MostUnproven, _gate.Read()["withoutKey"]);
    }

    [Fact]
    public async Task A_thousand_idle_connections_of_a_local_user_keep_the_admin_neither_from_the_port_nor_from_the_socket()
    {
        using ApplianceFactory appliance = new("[api]\nlisten = \"http://127.0.0.1:0\"\n");
        appliance.UseKestrel();
        appliance.StartServer();
        Uri api = new(appliance.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(a => a.StartsWith("http://127", StringComparison.Ordinal)));
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < 1100; i++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, api.Port, Cancellation);
            }

            using HttpClient admin = new() { BaseAddress = api };
            admin.DefaultRequestHeaders.Authorization = new("Bearer", appliance.Key);
            Assert.Equal(HttpStatusCode.Created, (await admin.PostAsJsonAsync("/api/v1/rules", new { scope = "198.51.100.1", verdict = "drop" }, Cancellation)).StatusCode);
            Assert.Contains("200 OK", await BySocketAsync(Path.Combine(appliance.Folder, "api.sock")), StringComparison.Ordinal);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<string> BySocketAsync(string path)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /api/v1/keys/current HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancellation);
        using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private sealed class Recorded : DefaultConnectionContext
    {
        public bool IsClosed { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsClosed = true;
    }

    private ConnectionTicket Open(string address)
    {
        Recorded connection = new();
        Address source = Address.Parse(address);
        ConnectionTicket ticket = new(_gate, connection, source.IsV4 ? Prefix.Host(source) : Prefix.Around(source, 64));
        _tickets.Add((ticket, connection));
        _gate.Admit(ticket);
        return ticket;
    }

    private bool IsClosed(ConnectionTicket ticket) => _tickets.Single(one => one.Ticket == ticket).Connection.IsClosed;
}
