using System.Net;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Kad.Routing;
using Blackwall.Tests.Mesh.Gossip;
using Xunit;

namespace Blackwall.Tests.Mesh.Kad;

/// <summary>Who gets into the table, and who stays.</summary>
public sealed class RoutingTableTests
{
    private static readonly PeerId s_self = TestPeers.Id(1_000_000);

    [Fact]
    public void One_network_gets_no_more_than_its_share()
    {
        RoutingTable table = new(s_self, new KadOptions());
        int added = Enumerable.Range(0, 200).Count(n => table.Add(Peer(n), IPAddress.Parse($"203.0.113.{n}")));
        Assert.Equal(2, added);
        Assert.Equal(198, table.Refused);

        // Other /24s of the same /16 count as one operator.
        Assert.Equal(3, Enumerable.Range(0, 200).Count(n => table.Add(Peer(1_000 + n), IPAddress.Parse($"203.0.{n % 100}.9"))));
        Assert.Contains(Enumerable.Range(0, 50), n => table.Add(Peer(2_000 + n), IPAddress.Parse($"198.51.{n}.9")));
    }

    [Fact]
    public void An_autonomous_system_counts_where_it_is_known()
    {
        RoutingTable table = new(s_self, new KadOptions { NetworkOf = _ => 64_500 });
        Assert.Equal(5, Enumerable.Range(20, 80).Count(n => table.Add(Peer(n), IPAddress.Parse($"{n}.1.1.1"))));
    }

    [Fact]
    public void A_bucket_has_one_peer_of_a_subnet_even_where_the_table_has_room_for_two()
    {
        RoutingTable table = new(s_self, new KadOptions { PerSubnet = 100, PerNetwork = 100 });
        PeerId[] half = [.. Enumerable.Range(0, 400).Select(TestPeers.Id).Where(id => KadKey.From(id).CommonPrefix(KadKey.From(s_self)) == 0).Take(20)];
        Assert.Equal(1, half.Count(id => table.Add(new PeerAddresses(id, []), IPAddress.Parse("203.0.113.1"))));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.7.7")]
    [InlineData("::1")]
    [InlineData("fd00::7")]
    [InlineData("::ffff:127.0.0.1")]
    public void Private_addresses_are_exempt_unless_the_option_says_otherwise(string address)
    {
        RoutingTable exempt = new(s_self, new KadOptions());
        RoutingTable strict = new(s_self, new KadOptions { PrivateExempt = false });
        Assert.Equal(10, Enumerable.Range(0, 10).Count(n => exempt.Add(Peer(n), IPAddress.Parse(address))));
        Assert.InRange(Enumerable.Range(0, 10).Count(n => strict.Add(Peer(n), IPAddress.Parse(address))), 1, 2);
    }

    [Fact]
    public void A_full_bucket_keeps_who_answers_and_gives_the_place_of_one_that_failed()
    {
        RoutingTable table = new(s_self, new KadOptions { BucketSize = 3 });
        PeerId[] half = [.. Enumerable.Range(0, 100).Select(TestPeers.Id).Where(id => KadKey.From(id).CommonPrefix(KadKey.From(s_self)) == 0).Take(5)];
        Assert.Equal([true, true, true, false], half[..4].Select(id => table.Add(new PeerAddresses(id, []), null)));
        table.Failed(half[1]);
        Assert.True(table.Add(new PeerAddresses(half[4], []), null));
        Assert.Null(table.Find(half[1]));
        Assert.NotNull(table.Find(half[0]));
    }

    [Fact]
    public void Three_failures_in_a_row_remove_a_peer_and_an_answer_begins_the_count_anew()
    {
        RoutingTable table = new(s_self, new KadOptions());
        table.Add(Peer(1), null);
        table.Failed(TestPeers.Id(1));
        table.Failed(TestPeers.Id(1));
        table.Add(Peer(1), null);
        table.Failed(TestPeers.Id(1));
        table.Failed(TestPeers.Id(1));
        Assert.Equal(1, table.Count);
        table.Failed(TestPeers.Id(1));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void We_are_not_in_our_own_table() => Assert.False(new RoutingTable(s_self, new KadOptions()).Add(new PeerAddresses(s_self, []), null));

    private static PeerAddresses Peer(int number) => new(TestPeers.Id(number), []);
}
