using System.Formats.Asn1;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>
/// The certificate extension 1.3.6.1.4.1.53594.1.1, with which an identity vouches for the key of a TLS certificate: a sequence of the identity's public
/// key and its signature over "libp2p-tls-handshake:" and the certificate key's SubjectPublicKeyInfo (libp2p specification "tls").
/// </summary>
internal static class TlsKeyExtension
{
    public const string Oid = "1.3.6.1.4.1.53594.1.1";
    private const int MaxLength = 4096;

    private static ReadOnlySpan<byte> Domain => "libp2p-tls-handshake:"u8;

    public static byte[] Write(PrivateKey key, ReadOnlySpan<byte> certificateKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(key.Public.Encoded.Span);
            writer.WriteOctetString(key.Sign([.. Domain, .. certificateKey]));
        }

        return writer.Encode();
    }

    /// <summary>The identity; null where the extension is malformed or the identity did not sign this key, with the reason.</summary>
    public static PublicKey? TryRead(ReadOnlyMemory<byte> extension, ReadOnlySpan<byte> certificateKey, out string? error)
    {
        byte[] encoded;
        byte[] signature;
        try
        {
            if (extension.Length > MaxLength)
            {
                error = "the certificate's libp2p extension is too long";
                return null;
            }

            var reader = new AsnReader(extension, AsnEncodingRules.DER);
            AsnReader parts = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            encoded = parts.ReadOctetString();
            signature = parts.ReadOctetString();
            parts.ThrowIfNotEmpty();
        }
        catch (AsnContentException)
        {
            error = "the certificate's libp2p extension is malformed";
            return null;
        }

        if (PublicKey.TryDecode(encoded, out error) is not { } key)
        {
            return null;
        }

        if (!key.Verify([.. Domain, .. certificateKey], signature))
        {
            error = "the identity did not sign the certificate's key";
            return null;
        }

        return key;
    }
}
