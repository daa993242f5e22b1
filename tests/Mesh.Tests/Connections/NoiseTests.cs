using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Noise;
using Blackwall.Mesh.Libp2p.Wire;
using Xunit;

namespace Blackwall.Tests.Mesh.Connections;

public sealed class NoiseTests
{
    // The vector for Noise_XX_25519_ChaChaPoly_SHA256 of the Cacophony project, as snow ships it (tests/vectors/cacophony.txt).
    private const string Prologue = "4a6f686e2047616c74";
    private const string HandshakeHash = "c8e5f64e846193be2a834104c2a009868d6c9f3bd3c186299888b488b2f1f58e";
    private static readonly KeyPair InitiatorStatic = KeyPair.From(Convert.FromHexString("e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1"));
    private static readonly KeyPair InitiatorEphemeral = KeyPair.From(Convert.FromHexString("893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a"));
    private static readonly KeyPair ResponderStatic = KeyPair.From(Convert.FromHexString("4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893"));
    private static readonly KeyPair ResponderEphemeral = KeyPair.From(Convert.FromHexString("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"));

    private static readonly (string Payload, string Ciphertext)[] Messages =
    [
        ("4c756477696720766f6e204d69736573", "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79444c756477696720766f6e204d69736573"),
        ("4d757272617920526f746862617264", "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f14480884381cbad1f276e038c48378ffce2b65285e08d6b68aaa3629a5a8639392490e5b9bd5269c2f1e4f488ed8831161f19b7815528f8982ffe09be9b5c412f8a0db50f8814c7194e83f23dbd8d162c9326ad"),
        ("462e20412e20486179656b", "c7195ffacac1307ff99046f219750fc47693e23c3cb08b89c2af808b444850a80ae475b9df0f169ae80a89be0865b57f58c9fea0d4ec82a286427402f113e4b6ae769a1d95941d49b25030"),
        ("4361726c204d656e676572", "96763ed773f8e47bb3712f0e29b3060ffc956ffc146cee53d5e1df"),
        ("4a65616e2d426170746973746520536179", "3e40f15f6f3a46ae446b253bf8b1d9ffb6ed9b174d272328ff91a7e2e5c79c07f5"),
        ("457567656e2042f6686d20766f6e2042617765726b", "eb3f3515110702e047a6c9da4478b6ead94873c11c0f2d710ddb3f09fce024b3a58502ae3f"),
    ];

    [Fact]
    public void The_public_vector_is_reproduced_message_by_message()
    {
        using var initiator = new NoiseHandshake(true, InitiatorStatic, InitiatorEphemeral, Convert.FromHexString(Prologue));
        using var responder = new NoiseHandshake(false, ResponderStatic, ResponderEphemeral, Convert.FromHexString(Prologue));
        byte[] room = new byte[512];
        for (int at = 0; at < 3; at++)
        {
            (NoiseHandshake from, NoiseHandshake to) = at == 1 ? (responder, initiator) : (initiator, responder);
            int length = from.Write(Convert.FromHexString(Messages[at].Payload), room);
            Assert.Equal(Messages[at].Ciphertext, Convert.ToHexStringLower(room.AsSpan(0, length)));
            byte[] payload = new byte[length];
            Assert.True(to.TryRead(room.AsSpan(0, length), payload, out int written));
            Assert.Equal(Messages[at].Payload, Convert.ToHexStringLower(payload.AsSpan(0, written)));
        }

        Assert.Equal(HandshakeHash, Convert.ToHexStringLower(initiator.Hash));
        Assert.Equal(InitiatorStatic.Public, responder.RemoteStatic);
        Assert.Equal(ResponderStatic.Public, initiator.RemoteStatic);
        (TransportCipher Send, TransportCipher Receive) initiators = initiator.Split();
        (TransportCipher Send, TransportCipher Receive) responders = responder.Split();
        for (int at = 3; at < Messages.Length; at++)
        {
            (TransportCipher from, TransportCipher to) = at % 2 == 1 ? (responders.Send, initiators.Receive) : (initiators.Send, responders.Receive);
            byte[] plain = Convert.FromHexString(Messages[at].Payload);
            byte[] sealedText = new byte[plain.Length + 16];
            from.Encrypt(plain, sealedText);
            Assert.Equal(Messages[at].Ciphertext, Convert.ToHexStringLower(sealedText));
            Assert.True(to.TryDecrypt(sealedText));
            Assert.Equal(plain, sealedText[..plain.Length]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(100)]
    public void A_flipped_bit_anywhere_in_the_second_message_is_seen(int at)
    {
        using var initiator = new NoiseHandshake(true, InitiatorStatic, InitiatorEphemeral);
        using var responder = new NoiseHandshake(false, ResponderStatic, ResponderEphemeral);
        byte[] room = new byte[256];
        int length = initiator.Write([], room);
        Assert.True(responder.TryRead(room.AsSpan(0, length), new byte[256], out _));
        length = responder.Write(new byte[20], room);
        room[at] ^= 1;
        Assert.False(initiator.TryRead(room.AsSpan(0, length), new byte[256], out _));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void A_key_of_low_order_is_refused(string hex) =>
        Assert.False(KeyPair.Generate().TryAgree(Convert.FromHexString(hex), new byte[32]));

    [Fact]
    public void The_payload_proves_the_identity_for_one_static_key_alone()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        byte[] payload = NoisePayload.Write(key, InitiatorStatic.Public, ["/yamux/1.0.0"]);
        NoisePayload read = NoisePayload.TryRead(payload, InitiatorStatic.Public, out _)!;
        Assert.Equal(key.Public, read.Key);
        Assert.Equal(["/yamux/1.0.0"], read.Muxers);
        Assert.Null(NoisePayload.TryRead(payload, ResponderStatic.Public, out string? error));
        Assert.Contains("sign", error, StringComparison.Ordinal);
    }
}
