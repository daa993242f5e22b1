using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identify;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Wire;
using Google.Protobuf;
using Xunit;

namespace Blackwall.Tests.Mesh.Hostile;

/// <summary>Peers that have proven who they are and then tell something else through identify.</summary>
public sealed class IdentifyTests
{
    public static TheoryData<string, Func<PrivateKey, byte[][]>> Lies => new()
    {
        { "no protobuf", _ => [[0xff, 0xff, 0xff]] },
        { "another's key", key => [Alter(key, message => message.PublicKey = ByteString.CopyFrom(Other().Public.Encoded.Span))] },
        { "another's signed record", key => [Alter(key, message => message.SignedPeerRecord = Record(Other()))] },
        { "a signed record that is none", key => [Alter(key, message => message.SignedPeerRecord = ByteString.CopyFrom(1, 2, 3))] },
        { "more than 8 KiB", key => [Alter(key, message => message.AgentVersion = new string('a', 8192))] },
        { "eleven messages", key => [.. Enumerable.Repeat(Alter(key, _ => { }), 11)] },
        { "a thousand protocols", key => [Alter(key, message => message.Protocols.AddRange(Enumerable.Range(0, 1000).Select(number => "/x" + number)))] },
        { "a protocol without a name", key => [Alter(key, message => message.Protocols.Add(""))] },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_when_asked_ends_the_connection(string what, Func<PrivateKey, byte[][]> lie)
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        List<PeerInfo> told = [];
        attacked.Host.Identified += told.Add;
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        (YamuxHeader asked, byte[] _) = (await peer.ReadFrameAsync(frame => (frame.Flags & YamuxFlags.Syn) != YamuxFlags.None))!.Value;
        await peer.SendDataAsync(asked.Stream, YamuxFlags.Ack, [.. MultistreamLine.Encode(MultistreamLine.Hello, IdentifyService.Protocol), .. Framed(lie(peer.Key))]);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.Data, YamuxFlags.Fin, asked.Stream, 0));
        await peer.ExpectEndAsync();
        Assert.True(told.Count == 0, what);
        Assert.Equal(1, attacked.Host.Counters[MeshLoss.IdentifyRefused]);
        await attacked.AssertUnharmedAsync();
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_unasked_ends_the_connection(string what, Func<PrivateKey, byte[][]> lie)
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendDataAsync(1, YamuxFlags.Syn, [.. MultistreamLine.Encode(MultistreamLine.Hello, IdentifyService.PushProtocol), .. Framed(lie(peer.Key))]);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.Data, YamuxFlags.Fin, 1, 0));
        await peer.ExpectEndAsync();
        Assert.Null(attacked.Host.Info(PeerId.From(peer.Key.Public)));
        Assert.True(attacked.Host.Counters[MeshLoss.IdentifyRefused] == 1, what);
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task The_truth_is_taken_in_parts_and_a_push_changes_what_it_names_alone()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        var id = PeerId.From(peer.Key.Public);
        (YamuxHeader asked, byte[] _) = (await peer.ReadFrameAsync(frame => (frame.Flags & YamuxFlags.Syn) != YamuxFlags.None))!.Value;
        byte[][] truth = [new IdentifyMessage { AgentVersion = "raw\n1\u202e\u2066\u200b\U000e0041\u00fc", Protocols = { "/one" } }.ToByteArray(), new IdentifyMessage { Protocols = { "/two", "/one" } }.ToByteArray()];
        await peer.SendDataAsync(asked.Stream, YamuxFlags.Ack, [.. MultistreamLine.Encode(MultistreamLine.Hello, IdentifyService.Protocol), .. Framed(truth)]);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.Data, YamuxFlags.Fin, asked.Stream, 0));
        await HostileFixture.EventuallyAsync(() => attacked.Host.Info(id) is not null);
        Assert.Equal("raw?1????\u00fc", attacked.Host.Info(id)!.AgentVersion);
        Assert.Equal(["/one", "/two"], attacked.Host.Info(id)!.Protocols);

        byte[][] push = [new IdentifyMessage { Protocols = { "/three" } }.ToByteArray()];
        await peer.SendDataAsync(1, YamuxFlags.Syn, [.. MultistreamLine.Encode(MultistreamLine.Hello, IdentifyService.PushProtocol), .. Framed(push)]);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.Data, YamuxFlags.Fin, 1, 0));
        await HostileFixture.EventuallyAsync(() => attacked.Host.Info(id)!.Protocols.Contains("/three", StringComparer.Ordinal));
        Assert.Equal("raw?1????\u00fc", attacked.Host.Info(id)!.AgentVersion);
    }

    [Fact]
    public async Task A_listener_that_lies_is_left()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawListener evil = new();
        Task<IMeshConnection> dialling = attacked.Host.DialAsync(evil.Address, expected: null, Cancellation);
        await using RawPeer peer = await evil.AcceptAsync();
        await peer.ShakeHandsAsync(initiator: false);
        await dialling;
        (YamuxHeader asked, byte[] _) = (await peer.ReadFrameAsync(frame => (frame.Flags & YamuxFlags.Syn) != YamuxFlags.None))!.Value;
        byte[][] lie = [Alter(peer.Key, message => message.PublicKey = ByteString.CopyFrom(Other().Public.Encoded.Span))];
        await peer.SendDataAsync(asked.Stream, YamuxFlags.Ack, [.. MultistreamLine.Encode(MultistreamLine.Hello, IdentifyService.Protocol), .. Framed(lie)]);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.Data, YamuxFlags.Fin, asked.Stream, 0));
        await peer.ExpectEndAsync();
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task What_we_tell_is_signed_anew_only_when_it_changes_and_told_only_so_often()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await attacked.Honest.DialAsync(attacked.Address, attacked.Host.Id, Cancellation);
        byte[] first = await RecordAsync(attacked);
        Assert.Equal(first, await RecordAsync(attacked));
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? more));
        await attacked.Host.ListenAsync(more, Cancellation);
        byte[] second = await RecordAsync(attacked);
        Assert.Equal(2, PeerRecord.TryOpen(second)!.Addresses.Count);
        Assert.True(PeerRecord.TryOpen(second)!.Sequence > PeerRecord.TryOpen(first)!.Sequence);

        for (int n = 0; attacked.Host.Counters[MeshLoss.IdentifyTooOften] == 0; n++)
        {
            Assert.True(n < 10_000, "It answers without end.");
            try
            {
                await RecordAsync(attacked);
            }
            catch (IOException)
            {
                // Refused.
            }
        }

        // Somebody else is told.
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        await using var other = new Blackwall.Mesh.Libp2p.Hosting.MeshHost(key);
        await other.DialAsync(attacked.Address, attacked.Host.Id, Cancellation);
        await HostileFixture.EventuallyAsync(() => other.Info(attacked.Host.Id) is not null);
    }

    private static async Task<byte[]> RecordAsync(HostileFixture attacked)
    {
        await using IMeshStream stream = await attacked.Honest.OpenAsync(attacked.Host.Id, [IdentifyService.Protocol], Cancellation);
        byte[] message = await stream.ReadMessageAsync(IdentifyCodec.MaxLength, Cancellation) ?? throw new EndOfStreamException();
        return IdentifyMessage.Parser.ParseFrom(message).SignedPeerRecord.ToByteArray();
    }

    private static byte[] Alter(PrivateKey key, Action<IdentifyMessage> alter)
    {
        var own = new PeerInfo(PeerId.From(key.Public), ["/x"], [], "raw", "ipfs/0.1.0", ObservedAddress: null);
        IdentifyMessage message = IdentifyMessage.Parser.ParseFrom(IdentifyCodec.Write(key.Public, own, Record(key).Span));
        alter(message);
        return message.ToByteArray();
    }

    private static PrivateKey Other() => PrivateKey.Generate(KeyType.Ed25519);

    private static ByteString Record(PrivateKey key) => ByteString.CopyFrom(new PeerRecord(PeerId.From(key.Public), 1, []).Seal(key));

    private static byte[] Framed(byte[][] messages)
    {
        List<byte> framed = [];
        byte[] length = new byte[10];
        foreach (byte[] message in messages)
        {
            framed.AddRange(length.AsSpan(0, Varint.Write(length, (ulong)message.Length)));
            framed.AddRange(message);
        }

        return [.. framed];
    }
}
