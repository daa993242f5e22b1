using System.Security.Cryptography;
using Blackwall.Mesh.Indicators.Wire;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Indicators;

/// <summary>A message with its author's signature, as it goes over the wire.</summary>
/// <param name="Message">What it says.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="Body">What is signed, with the name of the mesh before it.</param>
/// <param name="Signature">Of the author's key.</param>
public sealed record SignedIndicator(IndicatorMessage Message, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Bytes of the longest one.</summary>
    public const int MaxLength = 2048;

    /// <summary>First 8 bytes of the SHA-256 of the body: tells two messages with one counter apart.</summary>
    public ulong Fingerprint => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Body.Span));

    /// <summary>Signs a message of the key's owner.</summary>
    /// <param name="message">What to say; its author is the key's owner.</param>
    /// <param name="key">The author's key, Ed25519 or secp256k1.</param>
    /// <param name="mesh">Name of the mesh: what is signed for one counts in no other.</param>
    public static SignedIndicator Sign(IndicatorMessage message, PrivateKey key, string mesh)
    {
        byte[] body = IndicatorCodec.EncodeBody(message);
        byte[] signature = key.Sign(IndicatorCodec.SignedBytes(mesh, body));
        return new SignedIndicator(message, IndicatorCodec.EncodeEnvelope(body, signature), body, signature);
    }

    /// <summary>Whether the author signed it for this mesh.</summary>
    public bool Verify(string mesh) => Message.Author.TryGetKey() is { } key && key.Verify(IndicatorCodec.SignedBytes(mesh, Body.Span), Signature.Span);
}
