using System.Net;
using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Kad.Wire;
using Blackwall.Tests.Mesh.Gossip;
using Xunit;

namespace Blackwall.Tests.Mesh.Kad;

/// <summary>Many cheap identities fill the stores; somebody else still gets in, and what the many hold stays bounded.</summary>
public sealed class GroupLimitsTests
{
    private const int Room = 100;
    private static readonly Multiaddr s_address = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/4001", out Multiaddr? address) ? address : null!;
    private static readonly KadOptions s_options = new() { Values = Room, ValuesPerPeer = 10, ProviderKeys = Room, KeysPerProvider = 10, ProvidersPerKey = 5 };
    private readonly HashSet<PeerId> _present = [];
    private readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "10.0.0.1", true)]
    [InlineData("198.51.100.1", "203.0.113.1", true)]
    [InlineData("2001:db8::1", "2001:db8:1::1", true)]
    public void Somebody_else_gets_in_when_one_place_has_filled_the_room(string attacker, string honest, bool stays)
    {
        KadNode node = Node(s_options);
        Fill(node, attacker, stays);
        _present.Add(TestPeers.Id(1));
        for (int n = 0; n < 10; n++)
        {
            Assert.True(Put(node, 1, honest, $"/blackwall/honest{n}"));
            Provide(node, 1, honest, $"honest{n}");
        }

        Assert.Equal(10, Enumerable.Range(0, 10).Count(n => node.Value(Encoding.UTF8.GetBytes($"/blackwall/honest{n}"), _now) is not null));
        Assert.Equal(10, Enumerable.Range(0, 10).Count(n => Provided(node, $"honest{n}") == 1));

        // The flood goes on, and does not push them out again.
        Fill(node, attacker, stays, from: 5_000);
        Assert.Equal(10, Enumerable.Range(0, 10).Count(n => node.Value(Encoding.UTF8.GetBytes($"/blackwall/honest{n}"), _now) is not null));
        Assert.Equal(10, Enumerable.Range(0, 10).Count(n => Provided(node, $"honest{n}") == 1));
    }

    [Fact]
    public void A_network_has_a_share_and_a_private_one_all()
    {
        KadOptions options = s_options with { ValuesPerSubnet = 20, KeysPerSubnet = 20 };
        foreach ((string address, int most) in new[] { ("198.51.100.{0}", 20), ("10.0.0.{0}", Room) })
        {
            KadNode node = Node(options);
            int values = 0;
            for (int n = 0; n < 20; n++)
            {
                _present.Add(TestPeers.Id(2_000 + n));
                string from = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, n + 1);
                values += Enumerable.Range(0, 10).Count(i => Put(node, 2_000 + n, from, $"/blackwall/{n}-{i}"));
                for (int i = 0; i < 10; i++)
                {
                    Provide(node, 2_000 + n, from, $"{n}-{i}");
                }
            }

            Assert.True(values >= most);
            Assert.Equal(most, Stored(node, n => node.Value(Encoding.UTF8.GetBytes($"/blackwall/{n}"), _now) is not null));
            Assert.Equal(most, Stored(node, n => Provided(node, n) == 1));
        }

        static int Stored(KadNode node, Func<string, bool> has) => Enumerable.Range(0, 20).SelectMany(n => Enumerable.Range(0, 10).Select(i => $"{n}-{i}")).Count(has);
    }

    [Fact]
    public void Providers_of_one_key_are_shared_by_where_they_come_from()
    {
        KadNode node = Node(s_options);
        for (int n = 0; n < 50; n++)
        {
            _present.Add(TestPeers.Id(2_000 + n));
            Provide(node, 2_000 + n, "198.51.100.1", "key");
        }

        Assert.Equal(5, Provided(node, "key"));
        Provide(node, 1, "203.0.113.1", "key");
        Assert.Equal(5, Provided(node, "key"));
        Assert.Contains(node.Providers("key"u8, _now), peer => peer.Id == TestPeers.Id(1));
    }

    [Fact]
    public void What_we_keep_on_our_own_account_is_never_pushed_out()
    {
        KadNode node = Node(s_options);
        Assert.Null(node.Put(new KadRecord("/blackwall/own"u8.ToArray(), "v"u8.ToArray()), _now));
        Fill(node, "127.0.0.1", stays: false);
        Fill(node, "198.51.100.1", stays: true, from: 5_000);
        Assert.NotNull(node.Value("/blackwall/own"u8, _now));
    }

    private KadNode Node(KadOptions options) => new(TestPeers.Id(500), options, new KadCounters(), _present.Contains);

    // Twice as many as there is room for, of ten values and keys each.
    private void Fill(KadNode node, string address, bool stays, int from = 1_000)
    {
        for (int n = from; n < from + (Room / 5); n++)
        {
            if (stays)
            {
                _present.Add(TestPeers.Id(n));
            }

            for (int i = 0; i < 10; i++)
            {
                Put(node, n, address, $"/blackwall/{n}-{i}");
                Provide(node, n, address, $"{n}-{i}");
            }
        }
    }

    private bool Put(KadNode node, int peer, string address, string key)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(key);
        return Ask(node, peer, address, new KadPacket(KadRequestKind.PutValue, bytes, new KadRecord(bytes, "v"u8.ToArray()), [], [])) is not null;
    }

    private void Provide(KadNode node, int peer, string address, string key) =>
        Ask(node, peer, address, new KadPacket(KadRequestKind.AddProvider, Encoding.UTF8.GetBytes(key), null, [], [new PeerAddresses(TestPeers.Id(peer), [s_address])]));

    private int Provided(KadNode node, string key) => node.Providers(Encoding.UTF8.GetBytes(key), _now).Count;

    private KadPacket? Ask(KadNode node, int peer, string address, KadPacket request) =>
        node.Answer(TestPeers.Id(peer), request, _ => null, () => new PeerAddresses(TestPeers.Id(500), []), _now, out _, IPAddress.Parse(address));
}
