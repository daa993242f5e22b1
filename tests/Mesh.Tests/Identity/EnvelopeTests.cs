using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Wire;
using Xunit;

namespace Blackwall.Tests.Mesh.Identity;

public sealed class EnvelopeTests
{
    private static readonly byte[] Type = [3, 1];

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Rsa)]
    public void A_record_is_opened_as_it_was_sealed(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        Assert.True(Multiaddr.TryParse("/ip4/192.0.2.1/tcp/4001", out Multiaddr? address));
        var record = new PeerRecord(PeerId.From(key.Public), 42, [address]);
        PeerRecord opened = PeerRecord.TryOpen(record.Seal(key))!;
        Assert.Equal((record.Id, 42UL, address), (opened.Id, opened.Sequence, Assert.Single(opened.Addresses)));
    }

    [Fact]
    public void A_record_about_another_peer_is_refused()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        using var other = PrivateKey.Generate(KeyType.Ed25519);
        Assert.Null(PeerRecord.TryOpen(new PeerRecord(PeerId.From(other.Public), 1, []).Seal(key)));
        Assert.NotNull(PeerRecord.TryOpen(new PeerRecord(PeerId.From(key.Public), 1, []).Seal(key)));
    }

    [Fact]
    public void An_envelope_holds_for_its_domain_and_type_alone()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        byte[] envelope = SignedEnvelope.Seal(key, "one", Type, "payload"u8);
        Assert.Equal("payload"u8, SignedEnvelope.TryOpen(envelope, "one", Type)!.Value.Payload);
        Assert.Null(SignedEnvelope.TryOpen(envelope, "two", Type));
        Assert.Null(SignedEnvelope.TryOpen(envelope, "one", [3]));
    }

    [Fact]
    public void No_flipped_bit_makes_an_envelope_say_something_else()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        byte[] envelope = SignedEnvelope.Seal(key, "one", Type, "payload"u8);
        int refused = 0;
        for (int bit = 0; bit < envelope.Length * 8; bit++)
        {
            envelope[bit / 8] ^= (byte)(1 << (bit % 8));
            if (SignedEnvelope.TryOpen(envelope, "one", Type) is { } opened)
            {
                Assert.Equal("payload"u8, opened.Payload);
                Assert.Equal(key.Public, opened.Key);
            }
            else
            {
                refused++;
            }

            envelope[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.InRange(refused, (envelope.Length * 8) - 16, envelope.Length * 8);
    }
}
