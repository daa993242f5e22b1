using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Kad.Wire;
using Blackwall.Tests.Mesh.Gossip;
using Xunit;

namespace Blackwall.Tests.Mesh.Kad;

/// <summary>Answers to requests, and what is kept of them.</summary>
public sealed class KadNodeTests
{
    private static readonly PeerId s_self = TestPeers.Id(500);
    private static readonly PeerId s_asker = TestPeers.Id(1);
    private static readonly Multiaddr s_address = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/4001", out Multiaddr? address) ? address : null!;
    private readonly KadCounters _counters = new();
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Find_node_tells_the_closest_and_never_the_asker()
    {
        KadNode node = Node();
        for (int n = 1; n <= 60; n++)
        {
            node.Learn(Peer(n), null);
        }

        KadPacket answer = Ask(node, new(KadRequestKind.FindNode, TestPeers.Id(30).Bytes.ToArray(), null, [], []))!;
        Assert.Equal(20, answer.Closer.Count);
        Assert.Equal(TestPeers.Id(30), answer.Closer[0].Id);
        Assert.Equal(20, answer.Closer.Select(peer => peer.Id).Distinct().Count());
        Assert.DoesNotContain(answer.Closer, peer => peer.Id == s_asker || peer.Id == s_self);
        KadPacket ofItself = Ask(node, new(KadRequestKind.FindNode, s_asker.Bytes.ToArray(), null, [], []))!;
        Assert.DoesNotContain(ofItself.Closer, peer => peer.Id == s_asker);
        Assert.Equal(20, ofItself.Closer.Count);
    }

    [Fact]
    public void Find_node_tells_ourselves_only_where_we_are_asked_for_and_a_connected_client_too()
    {
        KadNode node = Node();
        node.Learn(Peer(2), null);
        Assert.Equal(s_self, Ask(node, new(KadRequestKind.FindNode, s_self.Bytes.ToArray(), null, [], []))!.Closer[0].Id);
        Assert.Equal(TestPeers.Id(77), Ask(node, new(KadRequestKind.FindNode, TestPeers.Id(77).Bytes.ToArray(), null, [], []), connected: TestPeers.Id(77))!.Closer[0].Id);
        Assert.DoesNotContain(Ask(node, new(KadRequestKind.FindNode, TestPeers.Id(78).Bytes.ToArray(), null, [], []))!.Closer, peer => peer.Id == TestPeers.Id(78));
    }

    [Fact]
    public void A_value_is_echoed_kept_and_told_with_the_time_it_came()
    {
        KadNode node = Node();
        KadPacket put = Put("/blackwall/x", "one");
        KadPacket echo = Ask(node, put)!;
        Assert.Equal((KadRequestKind.PutValue, "one"), (echo.Kind, Encoding.UTF8.GetString(echo.Record!.Value)));
        KadPacket got = Ask(node, Get("/blackwall/x"))!;
        Assert.Equal("one", Encoding.UTF8.GetString(got.Record!.Value));
        Assert.Equal("2026-01-01T00:00:00.0000000Z", got.Record.TimeReceived);
        Assert.Null(Ask(node, Get("/blackwall/y"))!.Record);
        _now += TimeSpan.FromHours(25);
        Assert.Null(Ask(node, Get("/blackwall/x"))!.Record);
    }

    [Theory]
    [InlineData("/other/x", "v")]
    [InlineData("/blackwall", "v")]
    [InlineData("/blackwall/", "v")]
    [InlineData("blackwall/x", "v")]
    [InlineData("/blackwallx/y", "v")]
    [InlineData("/blackwall/x", "")]
    public void A_value_outside_of_our_name_space_or_without_content_is_refused(string key, string value)
    {
        KadNode node = Node();
        Assert.Null(Ask(node, Put(key, value), refused: true));
        Assert.Equal(1, _counters.ValuesRefused);
    }

    [Fact]
    public void A_value_under_another_key_than_the_request_is_refused()
    {
        KadPacket put = Put("/blackwall/x", "v");
        Assert.Null(Ask(Node(), put with { Key = "/blackwall/y"u8.ToArray() }, refused: true));
        Assert.Null(Ask(Node(), put with { Record = null }, refused: true));
    }

    [Fact]
    public void Only_who_put_a_value_replaces_it()
    {
        KadNode node = Node();
        Ask(node, Put("/blackwall/x", "true"));
        Assert.Null(Ask(node, Put("/blackwall/x", "false"), refused: true, asker: TestPeers.Id(9)));
        Assert.NotNull(Ask(node, Put("/blackwall/x", "true"), asker: TestPeers.Id(9)));
        Assert.NotNull(Ask(node, Put("/blackwall/z", "mine"), asker: TestPeers.Id(9)));
        Assert.NotNull(Ask(node, Put("/blackwall/z", "newer"), asker: TestPeers.Id(9)));
        Assert.Equal("newer", Encoding.UTF8.GetString(Ask(node, Get("/blackwall/z"))!.Record!.Value));
    }

    [Fact]
    public void A_validator_has_the_last_word()
    {
        KadNode node = Node(new KadOptions { Validator = new LongestWins() });
        Ask(node, Put("/blackwall/x", "ab"));
        Assert.NotNull(Ask(node, Put("/blackwall/x", "abc"), asker: TestPeers.Id(9)));
        Assert.Null(Ask(node, Put("/blackwall/x", "a"), refused: true));
        Assert.Null(Ask(node, Put("/blackwall/x", "bad, however long it may be"), refused: true));
        Assert.Equal("abc", Encoding.UTF8.GetString(Ask(node, Get("/blackwall/x"))!.Record!.Value));
    }

    [Fact]
    public void Values_are_bounded_for_a_peer_and_in_all()
    {
        KadNode node = Node(new KadOptions { Values = 10, ValuesPerPeer = 3 });
        Assert.Equal(3, Enumerable.Range(0, 20).Count(n => node.Answer(s_asker, Put($"/blackwall/a{n}", "v"), _ => null, Own, _now, out _) is not null));
        Assert.Equal(7, Enumerable.Range(0, 20).Count(n => node.Answer(TestPeers.Id(n + 10), Put($"/blackwall/b{n}", "v"), _ => null, Own, _now, out _) is not null));

        // Their end makes room.
        _now += TimeSpan.FromHours(25);
        Assert.NotNull(Ask(node, Put("/blackwall/c", "v")));
    }

    [Fact]
    public void A_provider_speaks_for_itself_alone()
    {
        KadNode node = Node();
        byte[] key = [1, 2, 3];
        Ask(node, new(KadRequestKind.AddProvider, key, null, [], [Peer(9)]));
        Assert.Equal(1, _counters.ProvidersRefused);
        Ask(node, new(KadRequestKind.AddProvider, key, null, [], [Peer(9), new PeerAddresses(s_asker, [s_address])]));
        KadPacket got = Ask(node, new(KadRequestKind.GetProviders, key, null, [], []), asker: TestPeers.Id(3))!;
        PeerAddresses provider = Assert.Single(got.Providers);
        Assert.Equal((s_asker, s_address), (provider.Id, provider.Addresses[0]));
        _now += TimeSpan.FromHours(25);
        Assert.Empty(Ask(node, new(KadRequestKind.GetProviders, key, null, [], []))!.Providers);
    }

    [Fact]
    public void Providers_are_bounded_for_a_key_a_peer_and_in_all()
    {
        KadNode node = Node(new KadOptions { ProviderKeys = 10, ProvidersPerKey = 5, KeysPerProvider = 4 });
        for (int n = 0; n < 20; n++)
        {
            Ask(node, new(KadRequestKind.AddProvider, [1], null, [], [Peer(n)]), asker: TestPeers.Id(n));
            Ask(node, new(KadRequestKind.AddProvider, [2, (byte)n], null, [], [Peer(0)]), asker: TestPeers.Id(0));
            Ask(node, new(KadRequestKind.AddProvider, [3, (byte)n], null, [], [Peer(100 + n)]), asker: TestPeers.Id(100 + n));
        }

        Assert.Equal(5, node.Providers([1], _now).Count);
        Assert.Equal(3, Enumerable.Range(0, 20).Count(n => node.Providers([2, (byte)n], _now).Count > 0));
        Assert.Equal(6, Enumerable.Range(0, 20).Count(n => node.Providers([3, (byte)n], _now).Count > 0));
    }

    [Fact]
    public void A_message_survives_the_wire_and_an_oversized_one_does_not()
    {
        KadPacket packet = new(KadRequestKind.GetValue, "/blackwall/x"u8.ToArray(), new KadRecord("/blackwall/x"u8.ToArray(), [1, 2], "2026-01-01T00:00:00Z"), [Peer(1), Peer(2)], [Peer(3)]);
        KadPacket read = KadCodec.TryRead(KadCodec.Write(packet))!;
        Assert.Equal(packet.Record!.Value, read.Record!.Value);
        Assert.Equal("2026-01-01T00:00:00Z", read.Record.TimeReceived);
        Assert.Equal(packet.Closer.Select(peer => peer.Id), read.Closer.Select(peer => peer.Id));
        Assert.Equal(s_address, read.Closer[0].Addresses[0]);
        Assert.Equal(TestPeers.Id(3), read.Providers[0].Id);
        Assert.Null(KadCodec.TryRead(KadCodec.Write(packet with { Key = new byte[257] })));
        Assert.Null(KadCodec.TryRead(KadCodec.Write(packet with { Record = new KadRecord([1], new byte[8193]) })));
        Assert.Null(KadCodec.TryRead(new byte[KadCodec.MaxLength + 1]));
        Assert.Null(KadCodec.TryRead([0x08, 0x63]));
    }

    private static PeerAddresses Peer(int number) => new(TestPeers.Id(number), [s_address]);

    private static PeerAddresses Own() => new(s_self, [s_address]);

    private static KadPacket Put(string key, string value) =>
        new(KadRequestKind.PutValue, Encoding.UTF8.GetBytes(key), new KadRecord(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value)), [], []);

    private static KadPacket Get(string key) => new(KadRequestKind.GetValue, Encoding.UTF8.GetBytes(key), null, [], []);

    private KadNode Node(KadOptions? options = null) => new(s_self, options ?? new KadOptions(), _counters);

    private KadPacket? Ask(KadNode node, KadPacket request, bool refused = false, PeerId? asker = null, PeerId? connected = null)
    {
        KadPacket? answer = node.Answer(asker ?? s_asker, request, id => id == connected ? new PeerAddresses(id, [s_address]) : null, Own, _now, out bool wasRefused);
        Assert.Equal(refused, wasRefused);
        return answer;
    }

    private sealed class LongestWins : IValueValidator
    {
        public bool IsValid(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => !value.StartsWith("bad"u8);

        public bool IsBetter(ReadOnlySpan<byte> key, ReadOnlySpan<byte> candidate, ReadOnlySpan<byte> present) => candidate.Length > present.Length;
    }
}
