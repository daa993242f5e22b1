using System.Net;
using System.Net.Sockets;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Transport;
using Blackwall.Mesh.Libp2p.Yamux;
using Xunit;

namespace Blackwall.Tests.Mesh.Connections;

/// <summary>A name with several addresses: all are tried in turn.</summary>
public sealed class NameTests
{
    private static readonly IPAddress s_there = IPAddress.Loopback;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("refuses")]
    [InlineData("is silent")]
    [InlineData("is another peer")]
    public async Task The_second_address_is_tried_when_the_first(string what)
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        await using var host = new MeshHost(key);
        int port = (await host.ListenAsync(Local("127.0.0.1", 0), Cancellation)).Tcp!.Port;
        using var otherKey = PrivateKey.Generate(KeyType.Ed25519);
        await using var other = new MeshHost(otherKey);
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (what is "is silent")
        {
            silent.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port));
            silent.Listen();
        }
        else if (what is "is another peer")
        {
            await other.ListenAsync(Local("127.0.0.2", port), Cancellation);
        }

        TcpTransport transport = Transport([IPAddress.Parse("127.0.0.2"), s_there]);
        await using ITransportConnection connection = await transport.DialAsync(Name(port), host.Id, Cancellation);
        Assert.Equal(s_there, connection.RemoteAddress.Ip);
    }

    [Fact]
    public async Task Where_none_answers_the_dial_fails_with_the_name()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        TcpTransport transport = Transport([IPAddress.Parse("127.0.0.2"), s_there]);
        MeshException failure = await Assert.ThrowsAsync<MeshException>(() => transport.DialAsync(Name(port), null, Cancellation));
        Assert.Contains("peer.example", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MeshException>(() => Transport([]).DialAsync(Name(port), null, Cancellation));
    }

    private static TcpTransport Transport(IPAddress[] addresses)
    {
        var options = new MeshHostOptions { UpgradeTimeout = TimeSpan.FromSeconds(4) };
        var counters = new MeshCounters();
        var upgrader = new ConnectionUpgrader(PrivateKey.Generate(KeyType.Ed25519), options.Connection, new MemoryBudget(options.MaxBuffered), counters, TimeProvider.System);
        return new TcpTransport(upgrader, new ConnectionGate(options, counters, TimeProvider.System), options, counters, TimeProvider.System, (name, _, _) =>
        {
            Assert.Equal("peer.example", name);
            return Task.FromResult(addresses);
        });
    }

    private static Multiaddr Local(string ip, int port) => Multiaddr.OfTcp(new IPEndPoint(IPAddress.Parse(ip), port));

    private static Multiaddr Name(int port) => Multiaddr.TryParse($"/dns4/peer.example/tcp/{port}", out Multiaddr? address) ? address : throw new InvalidOperationException();
}
