using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Signing;
using Blackwall.Mesh.Libp2p.Gossip.Wire;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>RPCs and messages, byte by byte.</summary>
public sealed class WireTests
{
    [Fact]
    public void An_rpc_of_everything_is_the_protobuf_that_others_read()
    {
        MessageId.TryCreate([0xaa, 0xbb], out MessageId id);
        RpcItem[] items =
        [
            new(RpcItemKind.Subscribe, "t"u8.ToArray()),
            new(RpcItemKind.Unsubscribe, "u"u8.ToArray()),
            new(RpcItemKind.Graft, "t"u8.ToArray()),
            new(RpcItemKind.Message, Body: new byte[] { 0x22, 1, (byte)'t' }),
            new(RpcItemKind.IHave, "t"u8.ToArray(), Ids: new[] { id }),
            new(RpcItemKind.IWant, Ids: new[] { id }),
            new(RpcItemKind.Prune, "t"u8.ToArray(), Backoff: 60),
            new(RpcItemKind.IDontWant, Ids: new[] { id }),
        ];
        byte[] written = new byte[RpcWriter.Size(items)];
        Assert.Equal(written.Length, RpcWriter.Write(items, written));
        byte[] control =
        [
            0x1a, 3, 0x0a, 1, (byte)'t',
            0x0a, 7, 0x0a, 1, (byte)'t', 0x12, 2, 0xaa, 0xbb,
            0x12, 4, 0x0a, 2, 0xaa, 0xbb,
            0x22, 5, 0x0a, 1, (byte)'t', 0x18, 60,
            0x2a, 4, 0x0a, 2, 0xaa, 0xbb,
        ];
        byte[] rpc =
        [
            0x0a, 5, 0x08, 1, 0x12, 1, (byte)'t',
            0x0a, 5, 0x08, 0, 0x12, 1, (byte)'u',
            0x12, 3, 0x22, 1, (byte)'t',
            0x1a, (byte)control.Length, .. control,
        ];
        Assert.Equal([(byte)rpc.Length, .. rpc], written);
        Assert.Equal(RpcFault.None, RpcParser.Check(rpc, new RpcLimits()));
        Noting noting = new();
        RpcParser.Visit(rpc, noting);
        Assert.Equal(["+t", "-u", "message t", "graft t", "ihave t aabb", "iwant aabb", "prune t 60", "idontwant aabb"], noting.Seen);
    }

    [Theory]
    [InlineData("0a", RpcFault.Malformed)]
    [InlineData("0affffffffffffffffff01", RpcFault.Malformed)]
    [InlineData("ffffffffffffffffffff7f", RpcFault.Malformed)]
    [InlineData("0801", RpcFault.WrongType)]
    [InlineData("0a0508011a0174", RpcFault.BadTopic)]
    [InlineData("0a0508011200", RpcFault.Malformed)]
    [InlineData("0a0408011200", RpcFault.BadTopic)]
    [InlineData("0a05080112 01ff", RpcFault.BadTopic)]
    [InlineData("1205220174 2801", RpcFault.BadMessage)]
    [InlineData("12062201742201 74", RpcFault.BadMessage)]
    [InlineData("1206 2201743a0174", RpcFault.BadMessage)]
    [InlineData("1200", RpcFault.BadMessage)]
    [InlineData("1a021a00", RpcFault.BadTopic)]
    [InlineData("1a041a020801", RpcFault.WrongType)]
    [InlineData("1a0322010a", RpcFault.Malformed)]
    public void A_wrong_rpc_is_refused_as_a_whole(string hex, RpcFault fault) =>
        Assert.Equal(fault, RpcParser.Check(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), new RpcLimits()));

    [Fact]
    public void Unknown_fields_outside_of_messages_are_passed_over()
    {
        // Field 10 of the RPC, 9 of the control message, 7 of a graft: versions to come.
        byte[] rpc = [0x52, 1, 0, 0x1a, 11, 0x4a, 1, 0, 0x1a, 6, 0x0a, 1, (byte)'t', 0x3a, 1, 0];
        Assert.Equal(RpcFault.None, RpcParser.Check(rpc, new RpcLimits()));
        Noting noting = new();
        RpcParser.Visit(rpc, noting);
        Assert.Equal(["graft t"], noting.Seen);
    }

    [Fact]
    public void Each_limit_of_an_rpc_is_kept()
    {
        RpcLimits limits = new() { Subscriptions = 3, Messages = 2, ControlEntries = 4, TopicBytes = 5 };
        Assert.Equal(RpcFault.None, Check(limits, new RpcItem(RpcItemKind.Subscribe, "topic"u8.ToArray()), 3));
        Assert.Equal(RpcFault.TooManySubscriptions, Check(limits, new RpcItem(RpcItemKind.Subscribe, "topic"u8.ToArray()), 4));
        Assert.Equal(RpcFault.BadTopic, Check(limits, new RpcItem(RpcItemKind.Subscribe, "topics"u8.ToArray()), 1));
        RpcItem message = new(RpcItemKind.Message, Body: new byte[] { 0x22, 1, (byte)'t' });
        Assert.Equal(RpcFault.None, Check(limits, message, 2));
        Assert.Equal(RpcFault.TooManyMessages, Check(limits, message, 3));
        Assert.Equal(RpcFault.None, Check(limits, new RpcItem(RpcItemKind.Graft, "t"u8.ToArray()), 4));
        Assert.Equal(RpcFault.TooManyControlEntries, Check(limits, new RpcItem(RpcItemKind.Graft, "t"u8.ToArray()), 5));
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Rsa)]
    public void A_signature_covers_the_fields_1_to_4_behind_the_prefix_and_neither_signature_nor_key(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var from = PeerId.From(key.Public);
        byte[] raw = MessageSignature.Sign(key, from, 0x0102030405060708, "t", [9, 9]);
        Assert.True(MessageView.TryRead(raw, out MessageView message));
        Assert.True(message.Canonical);
        Assert.True(MessageSignature.FollowsPolicy(in message));

        // Written by hand.
        byte[] signed = [0x0a, (byte)from.Bytes.Length, .. from.Bytes, 0x12, 2, 9, 9, 0x1a, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 1, (byte)'t'];
        Assert.Equal(signed, message.Signed.ToArray());
        Assert.True(key.Public.Verify([.. "libp2p-pubsub:"u8, .. signed], message.Signature));
        Assert.Equal(type is KeyType.Rsa ? key.Public.Encoded.ToArray() : [], message.Key.ToArray());
        Author author = new AuthorCache().Find(in message)!;
        Assert.Equal(from, author.Id);
        Assert.True(MessageSignature.Holds(in message, author));
    }

    [Fact]
    public void A_message_whose_fields_are_in_another_order_has_the_same_signature_and_leaves_in_order()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        var from = PeerId.From(key.Public);
        byte[] raw = MessageSignature.Sign(key, from, 7, "t", [9]);
        Assert.True(MessageView.TryRead(raw, out MessageView message));
        byte[] shuffled =
        [
            0x2a, (byte)message.Signature.Length, .. message.Signature, 0x22, 1, (byte)'t', 0x12, 1, 9,
            0x0a, (byte)from.Bytes.Length, .. from.Bytes, 0x1a, 8, .. message.Seqno,
        ];
        Assert.True(MessageView.TryRead(shuffled, out MessageView other));
        Assert.False(other.Canonical);
        Assert.Equal(raw, other.ToCanonical());
    }

    [Fact]
    public void A_changed_byte_anywhere_breaks_the_signature()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        byte[] raw = MessageSignature.Sign(key, PeerId.From(key.Public), 7, "topic", "payload"u8);
        AuthorCache authors = new();
        for (int at = 0; at < raw.Length; at++)
        {
            byte[] changed = [.. raw];
            changed[at] ^= 1;
            bool holds = MessageView.TryRead(changed, out MessageView message)
                && message.Canonical
                && MessageSignature.FollowsPolicy(in message)
                && authors.Find(in message) is { } author
                && MessageSignature.Holds(in message, author);
            Assert.False(holds, $"byte {at}");
        }
    }

    [Fact]
    public void A_key_that_is_not_the_authors_is_refused_and_an_author_without_a_key_too()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        using var rsa = PrivateKey.Generate(KeyType.Rsa);
        using var other = PrivateKey.Generate(KeyType.Ed25519);
        byte[] signed = MessageView.WriteUnsigned(PeerId.From(key.Public).Bytes, [1], new byte[8], "t"u8);
        Assert.NotNull(Author(MessageView.Seal(signed, [1], key.Public.Encoded.Span)));
        Assert.Null(Author(MessageView.Seal(signed, [1], other.Public.Encoded.Span)));
        Assert.Null(Author(MessageView.Seal(MessageView.WriteUnsigned(PeerId.From(rsa.Public).Bytes, [1], new byte[8], "t"u8), [1], default)));
        Assert.Null(Author(MessageView.Seal(MessageView.WriteUnsigned([1, 2, 3], [1], new byte[8], "t"u8), [1], default)));
    }

    [Fact]
    public void Ids_are_author_and_number_or_the_first_20_bytes_of_the_hash_of_topic_zero_and_payload()
    {
        byte[] raw = MessageView.Seal(MessageView.WriteUnsigned([1, 2], "payload"u8, [0, 0, 0, 0, 0, 0, 0, 5], "topic"u8), [1], default);
        Assert.True(MessageView.TryRead(raw, out MessageView message));
        Assert.True(MessageIds.TryMake(MessageIdFunction.Spec, in message, out MessageId spec));
        Assert.Equal("01020000000000000005", spec.ToString());
        Assert.True(MessageIds.TryMake(MessageIdFunction.Sha256, in message, out MessageId hash));

        // printf 'topic\0payload' | sha256sum
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("topic\0payload"u8)[..20]), hash.ToString());
    }

    [Fact]
    public void Looking_at_a_duplicate_allocates_nothing()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        byte[] message = MessageSignature.Sign(key, PeerId.From(key.Public), 7, "t", new byte[512]);
        RpcItem[] items = [new(RpcItemKind.Message, Body: message)];
        byte[] frame = new byte[RpcWriter.Size(items)];
        RpcWriter.Write(items, frame);
        byte[] rpc = frame[2..];

        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer first = bench.Add(1);
        GossipPeer second = bench.Add(2);
        Blackwall.Mesh.Libp2p.Gossip.Service.RpcIntake intake = new(bench.Router, bench.Options, new Blackwall.Mesh.Libp2p.Gossip.Service.TopicBook(MessageIdFunction.Sha256), new AuthorCache());
        Assert.Equal(RpcFault.None, intake.Process(first, rpc, bench.Now));
        PendingMessage pending = Assert.Single(intake.ToVerify).Pending;
        bench.Router.SignatureHeld(pending, bench.Now);
        bench.Router.Complete(pending, Validation.Accept, bench.Now);

        intake.Process(second, rpc, bench.Now);

        // The runtime allocates for itself now and then, on whatever thread it is: one round without is what shows it.
        const int rounds = 10, takes = 10_000;
        long least = long.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < takes; i++)
            {
                intake.Process(second, rpc, bench.Now);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal((rounds * takes) + 1, bench.Router.Counters.Duplicates);
    }

    private static RpcFault Check(RpcLimits limits, RpcItem item, int times)
    {
        RpcItem[] items = [.. Enumerable.Repeat(item, times)];
        byte[] bytes = new byte[RpcWriter.Size(items)];
        RpcWriter.Write(items, bytes);
        return RpcParser.Check(bytes.AsSpan(1), limits);
    }

    private static Author? Author(byte[] raw) => MessageView.TryRead(raw, out MessageView message) ? new AuthorCache().Find(in message) : null;

    /// <summary>Writes down what it is told.</summary>
    private sealed class Noting : IRpcVisitor
    {
        public List<string> Seen { get; } = [];

        public void Subscription(ReadOnlySpan<byte> topic, bool subscribe) => Seen.Add((subscribe ? "+" : "-") + Text(topic));

        public void Message(in MessageView message) => Seen.Add("message " + Text(message.Topic));

        public void IHave(ReadOnlySpan<byte> topic, IdSequence ids) => Seen.Add($"ihave {Text(topic)} {Ids(ids)}");

        public void IWant(IdSequence ids) => Seen.Add("iwant " + Ids(ids));

        public void Graft(ReadOnlySpan<byte> topic) => Seen.Add("graft " + Text(topic));

        public void Prune(ReadOnlySpan<byte> topic, ulong backoff, PeerOffers peers) => Seen.Add($"prune {Text(topic)} {backoff}");

        public void IDontWant(IdSequence ids) => Seen.Add("idontwant " + Ids(ids));

        private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

        private static string Ids(IdSequence ids)
        {
            List<string> all = [];
            while (ids.MoveNext())
            {
                all.Add(ids.Current.ToString());
            }

            return string.Join(' ', all);
        }
    }
}
