using System.Net;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Mesh.Connections;

public sealed class GateTests
{
    private readonly MeshCounters _counters = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void An_address_may_have_so_many_connections_and_a_place_that_is_given_back_can_be_taken_again()
    {
        ConnectionGate gate = Gate(new MeshHostOptions { MaxConnectionsPerAddress = 3 });
        IDisposable[] places = [.. Enumerable.Range(0, 3).Select(_ => gate.TryEnter(IPAddress.Parse("192.0.2.1"))!)];
        Assert.Null(gate.TryEnter(IPAddress.Parse("192.0.2.1")));
        Assert.NotNull(gate.TryEnter(IPAddress.Parse("192.0.2.2")));
        places[0].Dispose();
        places[0].Dispose();
        Assert.NotNull(gate.TryEnter(IPAddress.Parse("192.0.2.1")));
        Assert.Null(gate.TryEnter(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Equal(2, _counters[MeshLoss.ConnectionRefused]);
    }

    [Theory]
    [InlineData("192.0.2.{0}", "192.0.3.1")]
    [InlineData("2001:db8:1:{0}::1", "2001:db8:2::1")]
    public void A_network_may_have_so_many_connections_whatever_its_addresses(string inside, string outside)
    {
        ConnectionGate gate = Gate(new MeshHostOptions { MaxConnectionsPerSubnet = 10 });
        for (int at = 1; at <= 10; at++)
        {
            Assert.NotNull(gate.TryEnter(IPAddress.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, inside, at))));
        }

        Assert.Null(gate.TryEnter(IPAddress.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, inside, 11))));
        Assert.NotNull(gate.TryEnter(IPAddress.Parse(outside)));
    }

    [Fact]
    public void Who_comes_too_often_is_refused_until_time_has_passed()
    {
        ConnectionGate gate = Gate(new MeshHostOptions { ConnectionsPerSecondPerAddress = 1 });
        int taken = 0;
        for (int at = 0; at < 100; at++)
        {
            using IDisposable? place = gate.TryEnter(IPAddress.Parse("192.0.2.1"));
            taken += place is null ? 0 : 1;
        }

        Assert.Equal((10, 90), (taken, _counters[MeshLoss.ConnectionTooSoon]));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(gate.TryEnter(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void The_total_holds_for_loopback_too()
    {
        ConnectionGate gate = Gate(new MeshHostOptions { MaxConnections = 100 });
        for (int at = 0; at < 100; at++)
        {
            Assert.NotNull(gate.TryEnter(IPAddress.Loopback));
        }

        Assert.Null(gate.TryEnter(IPAddress.Loopback));
    }

    private ConnectionGate Gate(MeshHostOptions options) => new(options, _counters, _time);
}
