using NSec.Cryptography;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>Ed25519 (RFC 8032) by libsodium, which refuses small-order keys and non-canonical signatures.</summary>
internal sealed class Ed25519Verifier : ISignatureVerifier
{
    private const int SignatureLength = 64;
    private readonly NSec.Cryptography.PublicKey _key;

    private Ed25519Verifier(NSec.Cryptography.PublicKey key) => _key = key;

    public static Ed25519Verifier? TryCreate(ReadOnlySpan<byte> data) =>
        NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, data, KeyBlobFormat.RawPublicKey, out NSec.Cryptography.PublicKey? key)
            ? new Ed25519Verifier(key!)
            : null;

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureLength && SignatureAlgorithm.Ed25519.Verify(_key, message, signature);
}
