using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Noise;
using Blackwall.Mesh.Libp2p.Wire;
using Google.Protobuf;
using Xunit;

namespace Blackwall.Tests.Mesh.Hostile;

/// <summary>Peers that attack before they have proven who they are.</summary>
public sealed class HandshakeTests
{
    private static readonly byte[] Hello = MultistreamLine.Encode(MultistreamLine.Hello);
    private static readonly byte[] HelloAndNoise = MultistreamLine.Encode(MultistreamLine.Hello, "/noise");

    public static TheoryData<string, byte[]> FirstBytes => new()
    {
        { "nothing", [] },
        { "a web request", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n") },
        { "a TLS hello", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01] },
        { "noise", Enumerable.Range(0, 4096).Select(i => (byte)(i * 131)).ToArray() },
        { "an endless varint", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] },
        { "a varint in a long form", [0x93, 0x00] },
        { "a line of 2 GiB", [0xff, 0xff, 0xff, 0xff, 0x07] },
        { "a line of 1,025 bytes", [0x81, 0x08, .. new byte[1025]] },
        { "a line of no bytes", [0x00] },
        { "a line without its end", [0x13, .. "/multistream/1.0.0 "u8] },
        { "another version", MultistreamLine.Encode("/multistream/2.0.0") },
        { "half a hello", Hello[..9] },
        { "a hello and silence", Hello },
        { "unknown protocols without end", [.. Hello, .. Enumerable.Range(0, 500).SelectMany(_ => MultistreamLine.Encode("/tls/1.0.0"))] },
        { "no encryption", [.. Hello, .. MultistreamLine.Encode("/plaintext/2.0.0")] },
        { "agreement and silence", HelloAndNoise },
        { "half a handshake message", [.. HelloAndNoise, 0, 32, .. new byte[20]] },
        { "a handshake message of no bytes", [.. HelloAndNoise, 0, 0] },
        { "a short handshake message", [.. HelloAndNoise, 0, 31, .. new byte[31]] },
        { "a handshake message of 64 KiB", [.. HelloAndNoise, 0xff, 0xff, .. new byte[65535]] },
        { "a first message with a payload", [.. HelloAndNoise, 0, 33, .. KeyPair.Generate().Public, 1] },
        { "a key of low order", [.. HelloAndNoise, 0, 32, .. new byte[32]] },
        { "another key of low order", [.. HelloAndNoise, 0, 32, 1, .. new byte[31]] },
        { "a false third message", [.. HelloAndNoise, 0, 32, .. KeyPair.Generate().Public, 0, 200, .. new byte[200]] },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("220 mail.example ESMTP\r\n")]
    public async Task Another_protocols_greeting_ends_a_dial_at_once(string greeting)
    {
        // So much patience that waiting for the rest of a line would never end.
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { UpgradeTimeout = TimeSpan.FromSeconds(90) });
        await using RawListener listener = new();
        Task<IMeshConnection> dialling = attacked.Host.DialAsync(listener.Address, expected: null, Cancellation);
        await using RawPeer peer = await listener.AcceptAsync();
        await peer.SendAsync(System.Text.Encoding.ASCII.GetBytes(greeting));
        MeshException failure = await Assert.ThrowsAnyAsync<MeshException>(() => dialling);
        Assert.Contains("does not speak multistream-select", failure.Message, StringComparison.Ordinal);
        await peer.ExpectEndAsync();
    }

    [Theory]
    [MemberData(nameof(FirstBytes))]
    public async Task Whoever_does_not_shake_hands_is_disconnected(string what, byte[] bytes)
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(attacked.Address);
        await peer.SendAsync(bytes);
        await peer.ExpectEndAsync();
        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.HandshakeFailed] == 1);
        Assert.True(attacked.Host.Connections.Count == 0, what);
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Whoever_sends_a_byte_at_a_time_is_disconnected_when_the_time_for_the_whole_is_over()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(attacked.Address);
        Task end = peer.ExpectEndAsync();
        for (int at = 0; !end.IsCompleted; at++)
        {
            await peer.SendAsync(HelloAndNoise[Math.Min(at, HelloAndNoise.Length - 1)]);
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation));
        }

        await end;
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Silent_sockets_hold_up_nobody()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { MaxPendingHandshakes = 32, UpgradeTimeout = TimeSpan.FromSeconds(30) });
        List<RawPeer> silent = [];
        for (int at = 0; at < 200; at++)
        {
            silent.Add(await RawPeer.ConnectAsync(attacked.Address));
        }

        await attacked.AssertUnharmedAsync();
        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.HandshakeDisplaced] >= 200 - 32);
        foreach (RawPeer peer in silent)
        {
            await peer.DisposeAsync();
        }
    }

    public static TheoryData<string, Func<byte[], byte[]>> Proofs => new()
    {
        { "nothing", _ => [] },
        { "no protobuf", _ => [0xff, 0xff, 0xff] },
        { "no key", _ => new NoiseHandshakePayload { IdentitySig = ByteString.CopyFrom(new byte[64]) }.ToByteArray() },
        { "no signature", _ => Payload(payload => payload.ClearIdentitySig()) },
        { "a signature of nothing", _ => Payload(payload => payload.IdentitySig = ByteString.CopyFrom(new byte[64])) },
        { "a signature of another static key", _ => Honest(KeyPair.Generate().Public) },
        { "another's key", key => Payload(payload => payload.IdentityKey = NewKey(), key) },
        { "a key that is not canonical", key => Payload(payload => payload.IdentityKey = ByteString.CopyFrom([.. payload.IdentityKey.Span, 0x18, 0]), key) },
        { "a key of an unknown type", key => Payload(payload => payload.IdentityKey = ByteString.CopyFrom(8, 9, 18, 1, 0), key) },
        { "no muxer in common", key => Payload(payload => { payload.Extensions.StreamMuxers.Clear(); payload.Extensions.StreamMuxers.Add("/mplex/6.7.0"); }, key) },
        { "a thousand muxers", key => Payload(payload => payload.Extensions.StreamMuxers.AddRange(Enumerable.Repeat("/x", 1000)), key) },
    };

    [Theory]
    [MemberData(nameof(Proofs))]
    public async Task Whoever_proves_nothing_is_refused_whether_it_dials(string what, Func<byte[], byte[]> proof)
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(attacked.Address);
        await peer.ShakeHandsAsync(initiator: true, proof);
        await peer.ExpectEndAsync();
        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.HandshakeFailed] == 1);
        Assert.True(attacked.Host.Connections.Count == 0, what);
        await attacked.AssertUnharmedAsync();
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public async Task Or_is_dialled(string what, Func<byte[], byte[]> proof)
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawListener evil = new();
        Task<IMeshConnection> dialling = attacked.Host.DialAsync(evil.Address, expected: null, Cancellation);
        await using RawPeer peer = await evil.AcceptAsync();
        Task shaking = peer.ShakeHandsAsync(initiator: false, proof);
        await Assert.ThrowsAsync<MeshException>(() => dialling);
        await Assert.ThrowsAnyAsync<IOException>(() => shaking);
        Assert.True(attacked.Host.Connections.Count == 0, what);
        await attacked.AssertUnharmedAsync();
    }

    [Theory]
    [MemberData(nameof(FirstBytes))]
    public async Task Whoever_answers_a_dial_with_anything_else_is_left(string what, byte[] bytes)
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawListener evil = new();
        Task<IMeshConnection> dialling = attacked.Host.DialAsync(evil.Address, expected: null, Cancellation);
        await using RawPeer peer = await evil.AcceptAsync();
        await peer.SendAsync(bytes);
        await Assert.ThrowsAsync<MeshException>(() => dialling);
        await peer.ExpectEndAsync();
        Assert.True(attacked.Host.Connections.Count == 0, what);
    }

    [Fact]
    public async Task A_peer_without_early_muxers_negotiates_one()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(attacked.Address);
        await peer.ShakeHandsAsync(initiator: true, key => NoisePayload.Write(peer.Key, key, []));
        await peer.SendSealedAsync(MultistreamLine.Encode(MultistreamLine.Hello, "/mplex/6.7.0", "/yamux/1.0.0"));
        byte[] expected = MultistreamLine.Encode(MultistreamLine.Hello, MultistreamLine.NotAvailable, "/yamux/1.0.0");
        byte[] answer = new byte[expected.Length];
        await peer.Channel.ReadExactlyAsync(answer, Cancellation);
        Assert.Equal(expected, answer);
        await HostileFixture.EventuallyAsync(() => attacked.Host.Connections.Count == 1);
    }

    [Fact]
    public async Task Everything_in_one_packet_up_to_the_first_message_is_taken()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(attacked.Address);
        await peer.SendAsync([.. HelloAndNoise, 0, 32, .. KeyPair.Generate().Public]);
        byte[] answer = new byte[HelloAndNoise.Length + 2];
        await peer.Pipe.ReadExactlyAsync(answer, Cancellation);
        Assert.Equal(HelloAndNoise, answer[..^2]);
        Assert.InRange((answer[^2] << 8) | answer[^1], 96, 400);
    }

    private static byte[] Honest(byte[] staticKey)
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        return NoisePayload.Write(key, staticKey, ["/yamux/1.0.0"]);
    }

    private static byte[] Payload(Action<NoiseHandshakePayload> alter, byte[]? staticKey = null)
    {
        NoiseHandshakePayload payload = NoiseHandshakePayload.Parser.ParseFrom(Honest(staticKey ?? new byte[32]));
        alter(payload);
        return payload.ToByteArray();
    }

    private static ByteString NewKey()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        return ByteString.CopyFrom(key.Public.Encoded.Span);
    }
}
