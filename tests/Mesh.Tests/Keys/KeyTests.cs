using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Keys;

public sealed class KeyTests
{
    // Test vectors of the libp2p specification "peer-ids": an Ed25519 and a secp256k1 private and public key, an ECDSA public key.
    private const string Ed25519Private = "080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
    private const string Ed25519Public = "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
    private const string Secp256k1Private = "0802122053DADF1D5A164D6B4ACDB15E24AA4C5B1D3461BDBD42ABEDB0A4404D56CED8FB";
    private const string Secp256k1Public = "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99";
    private const string EcdsaPublic = "0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004de3d300fa36ae0e8f5d530899d83abab44abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e62";

    [Theory]
    [InlineData(Ed25519Private, Ed25519Public)]
    [InlineData(Secp256k1Private, Secp256k1Public)]
    public void The_specifications_keys_are_read_and_written(string secret, string expected)
    {
        using PrivateKey key = PrivateKey.TryDecode(Convert.FromHexString(secret), out string? error)!;
        Assert.Null(error);
        Assert.Equal(expected, Convert.ToHexStringLower(key.Public.Encoded.Span));
        Assert.Equal(secret.ToLowerInvariant(), Convert.ToHexStringLower(key.Encode()));
        Assert.True(key.Public.Verify("abc"u8, key.Sign("abc"u8)));
        Assert.False(key.Public.Verify("abd"u8, key.Sign("abc"u8)));
    }

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    public void Ecdsa_keys_of_the_usual_curves_verify(string curve)
    {
        using var ecdsa = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.CreateFromFriendlyName(curve));
        PublicKey key = PublicKey.TryCreate(KeyType.Ecdsa, ecdsa.ExportSubjectPublicKeyInfo(), out _)!;
        byte[] signature = ecdsa.SignData("message"u8, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.DSASignatureFormat.Rfc3279DerSequence);
        Assert.True(key.Verify("message"u8, signature));
        Assert.False(key.Verify("another"u8, signature));
    }

    [Theory]
    [InlineData("secp256k1")]
    [InlineData("brainpoolP256r1")]
    public void Ecdsa_keys_of_other_curves_are_refused(string curve)
    {
        using var ecdsa = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.CreateFromFriendlyName(curve));
        Assert.Null(PublicKey.TryCreate(KeyType.Ecdsa, ecdsa.ExportSubjectPublicKeyInfo(), out _));
    }

    [Fact]
    public void The_specifications_ecdsa_key_is_read() =>
        Assert.Equal(KeyType.Ecdsa, PublicKey.TryDecode(Convert.FromHexString(EcdsaPublic), out _)!.Type);

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Rsa)]
    public void A_generated_key_signs_what_its_public_half_verifies_and_survives_encoding(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        using PrivateKey again = PrivateKey.TryDecode(key.Encode(), out _)!;
        byte[] signature = again.Sign("message"u8);
        Assert.True(PublicKey.TryDecode(key.Public.Encoded.Span, out _)!.Verify("message"u8, signature));
        signature[^1] ^= 1;
        Assert.False(key.Public.Verify("message"u8, signature));
        Assert.False(key.Public.Verify("message"u8, signature.AsSpan(1)));
        Assert.False(key.Public.Verify("message"u8, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0801")]
    [InlineData("12201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e0801")]
    [InlineData("08810012201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e")]
    [InlineData("080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e1800")]
    [InlineData("0801121f1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce2")]
    [InlineData("0807120101")]
    [InlineData("0803125b3059301306072a8648ce3d020106082a8648cc3d03010703420004de3d300fa36ae0e8f5d5300a9d83abab44abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e62")]
    [InlineData("0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004de3d300fa36ae0e8f5d530899d83abab44abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e63")]
    public void A_public_key_in_any_other_form_is_refused(string hex)
    {
        Assert.Null(PublicKey.TryDecode(Convert.FromHexString(hex), out string? error));
        Assert.NotNull(error);
    }

    [Fact]
    public void A_private_key_whose_halves_do_not_match_is_refused()
    {
        byte[] damaged = Convert.FromHexString(Ed25519Private);
        damaged[10] ^= 1;
        Assert.Null(PrivateKey.TryDecode(damaged, out string? error));
        Assert.NotNull(error);
    }
}
