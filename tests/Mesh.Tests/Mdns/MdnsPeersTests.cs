using System.Net;
using Blackwall.Mesh.Libp2p.Mdns;
using Blackwall.Mesh.Libp2p.Mdns.Wire;
using Blackwall.Tests.Mesh.Gossip;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Mesh.Mdns;

/// <summary>Whom a packet of the local network may make us know.</summary>
public sealed class MdnsPeersTests
{
    private const string Service = "_p2p._udp.local";
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void One_sender_tells_of_so_many_peers_a_minute_and_takes_nobody_elses_place()
    {
        MdnsPeers peers = Peers();
        int told = Enumerable.Range(0, 500).Sum(n => Take(peers, "192.0.2.66", Address("192.0.2.66", 1_000 + n)));
        Assert.Equal(32, told);
        Assert.Equal(468, peers.OverQuota);
        Assert.Equal(1, Take(peers, "192.0.2.7", Address("192.0.2.7", 1)));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, Take(peers, "192.0.2.66", Address("192.0.2.66", 2)));
    }

    [Fact]
    public void A_peer_is_told_of_again_when_it_was_gone_and_after_a_while()
    {
        MdnsPeers peers = Peers();
        string address = Address("192.0.2.7", 1);
        Assert.Equal(1, Take(peers, "192.0.2.7", address));
        Assert.Equal(0, Take(peers, "192.0.2.7", address));
        peers.Forget(TestPeers.Id(1));
        Assert.Equal(1, Take(peers, "192.0.2.7", address));
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(0, Take(peers, "192.0.2.7", address));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Take(peers, "192.0.2.7", address));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "192.0.2.1", true)]
    [InlineData("127.0.0.1", "192.0.2.66", false)]
    [InlineData("127.8.9.10", "192.0.2.66", false)]
    [InlineData("::1", "192.0.2.66", false)]
    [InlineData("::ffff:127.0.0.1", "192.0.2.66", false)]
    [InlineData("0.0.0.0", "192.0.2.66", false)]
    [InlineData("192.0.2.1", "192.0.2.66", false)]
    [InlineData("192.0.2.66", "192.0.2.66", true)]
    [InlineData("192.0.2.99", "192.0.2.66", true)]
    [InlineData("10.0.0.5", "192.0.2.66", false)]
    [InlineData("10.0.0.5", "10.0.0.6", true)]
    [InlineData("10.0.0.5", "127.0.0.1", true)]
    [InlineData("203.0.113.5", "192.0.2.66", false)]
    [InlineData("2001:db8::5", "192.0.2.66", true)]
    [InlineData("2001:db9::5", "192.0.2.66", false)]
    public void Only_addresses_near_the_sender_count_and_loopback_only_from_this_machine(string address, string sender, bool counts)
    {
        LocalNetworks networks = Networks(out _);
        Assert.Equal(counts, networks.MayTellOf(IPAddress.Parse(address), IPAddress.Parse(sender)));
        MdnsPeers peers = new(TestPeers.Id(9), new MdnsOptions(), _time, networks.MayTellOf);
        string kind = address.Contains(':', StringComparison.Ordinal) ? "ip6" : "ip4";
        Assert.Equal(counts ? 1 : 0, Take(peers, sender, $"/{kind}/{address}/tcp/4001/p2p/{TestPeers.Id(1)}"));
    }

    [Fact]
    public void The_networks_of_the_machine_are_not_looked_up_for_each_packet()
    {
        LocalNetworks networks = Networks(out Func<int> looks);
        for (int n = 0; n < 1_000; n++)
        {
            Assert.True(networks.IsNear(IPAddress.Parse("192.0.2.66")));
            Assert.False(networks.IsNear(IPAddress.Parse("198.51.100.66")));
        }

        Assert.Equal(1, looks());
        _time.Advance(TimeSpan.FromSeconds(5));
        networks.IsNear(IPAddress.Parse("192.0.2.66"));
        Assert.Equal(2, looks());
    }

    [Fact]
    public void A_sender_has_its_share_of_the_packets()
    {
        SenderQuota quota = new(each: 50, all: 500, TimeSpan.FromSeconds(1), _time);
        Assert.Equal(50, Enumerable.Range(0, 5_000).Count(_ => quota.TryTake(IPAddress.Parse("192.0.2.66"))));
        Assert.True(quota.TryTake(IPAddress.Parse("192.0.2.7")));
        Assert.Equal(449, Enumerable.Range(0, 5_000).Count(n => quota.TryTake(new IPAddress(0x0100000aL + n))));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(quota.TryTake(IPAddress.Parse("192.0.2.66")));
    }

    private static string Address(string ip, int peer) => $"/ip4/{ip}/tcp/4001/p2p/{TestPeers.Id(peer)}";

    private static int Take(MdnsPeers peers, string sender, params string[] addresses) =>
        peers.Add(MdnsReader.TryRead(MdnsWriter.Answer(0, Service, "label", addresses))!, IPAddress.Parse(sender)).Count;

    private MdnsPeers Peers() => new(TestPeers.Id(9), new MdnsOptions(), _time);

    private LocalNetworks Networks(out Func<int> looks)
    {
        int looked = 0;
        looks = () => looked;
        return new LocalNetworks(_time, () =>
        {
            looked++;
            return [(IPAddress.Loopback, 8), (IPAddress.Parse("192.0.2.1"), 24), (IPAddress.Parse("10.0.0.1"), 8), (IPAddress.Parse("2001:db8::1"), 64)];
        });
    }
}
