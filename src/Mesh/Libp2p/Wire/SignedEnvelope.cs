using Blackwall.Mesh.Libp2p.Keys;
using Google.Protobuf;

namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>A payload with a signature over its domain, type and bytes, and the key that made it (libp2p RFC 0002).</summary>
internal static class SignedEnvelope
{
    public static byte[] Seal(PrivateKey key, string domain, ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload) => new EnvelopeMessage
    {
        PublicKey = PublicKeyMessage.Parser.ParseFrom(key.Public.Encoded.Span),
        PayloadType = ByteString.CopyFrom(type),
        Payload = ByteString.CopyFrom(payload),
        Signature = ByteString.CopyFrom(key.Sign(Signed(domain, type, payload))),
    }.ToByteArray();

    /// <summary>The payload and who signed it; null where the envelope is malformed, of another type, or not signed by its key.</summary>
    public static (PublicKey Key, byte[] Payload)? TryOpen(ReadOnlySpan<byte> envelope, string domain, ReadOnlySpan<byte> type)
    {
        EnvelopeMessage message;
        try
        {
            message = EnvelopeMessage.Parser.ParseFrom(envelope);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }

        if (message.PublicKey is null
            || !message.PayloadType.Span.SequenceEqual(type)
            || PublicKey.TryDecode(message.PublicKey.ToByteArray(), out _) is not { } key
            || !key.Verify(Signed(domain, type, message.Payload.Span), message.Signature.Span))
        {
            return null;
        }

        return (key, message.Payload.ToByteArray());
    }

    // Each part with its length before it.
    private static byte[] Signed(string domain, ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload)
    {
        List<byte> signed = new(domain.Length + type.Length + payload.Length + (3 * Varint.MaxLength));
        Add(signed, System.Text.Encoding.UTF8.GetBytes(domain));
        Add(signed, type);
        Add(signed, payload);
        return [.. signed];
    }

    private static void Add(List<byte> signed, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[Varint.MaxLength + 1];
        signed.AddRange(length[..Varint.Write(length, (ulong)part.Length)]);
        signed.AddRange(part);
    }
}
