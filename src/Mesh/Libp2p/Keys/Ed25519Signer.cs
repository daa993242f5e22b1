using NSec.Cryptography;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>Ed25519; stored as 32 bytes of seed and 32 bytes of public key, so that a damaged file shows.</summary>
internal sealed class Ed25519Signer : ISigner
{
    private const int SeedLength = 32;
    private readonly Key _key;

    private Ed25519Signer(Key key) => _key = key;

    public byte[] PublicData => _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

    public byte[] PrivateData => [.. _key.Export(KeyBlobFormat.RawPrivateKey), .. PublicData];

    public static Ed25519Signer Generate() => new(new Key(SignatureAlgorithm.Ed25519, Exportable));

    public static Ed25519Signer? TryCreate(ReadOnlySpan<byte> data)
    {
        if (data.Length != 2 * SeedLength || !Key.TryImport(SignatureAlgorithm.Ed25519, data[..SeedLength], KeyBlobFormat.RawPrivateKey, out Key? key, Exportable))
        {
            return null;
        }

        var signer = new Ed25519Signer(key!);
        if (signer.PublicData.AsSpan().SequenceEqual(data[SeedLength..]))
        {
            return signer;
        }

        signer.Dispose();
        return null;
    }

    public byte[] Sign(ReadOnlySpan<byte> message) => SignatureAlgorithm.Ed25519.Sign(_key, message);

    public void Dispose() => _key.Dispose();

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
}
