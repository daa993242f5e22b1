using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Blackwall.Mesh.Libp2p.Gossip.Wire;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p.Gossip.Signing;

/// <summary>
/// StrictSign (libp2p/specs pubsub): author, 8-byte sequence number and signature are required. Signed are the fields 1 to 4 behind a
/// prefix, without signature and key, as go, rust and js do; the spec's text leaves out the signature only.
/// </summary>
internal static class MessageSignature
{
    private const int OnStack = 2048;

    private static ReadOnlySpan<byte> Prefix => "libp2p-pubsub:"u8;

    /// <summary>The fields that the policy asks for are there; says nothing of their truth.</summary>
    public static bool FollowsPolicy(in MessageView message) =>
        message.From.Length > 0 && message.Seqno.Length == sizeof(ulong) && message.Signature.Length > 0 && message.Canonical;

    /// <param name="message">Canonical.</param>
    public static bool Holds(in MessageView message, Author author)
    {
        int length = Prefix.Length + message.Signed.Length;
        byte[]? rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> signed = rented is null ? stackalloc byte[OnStack] : rented;
        Prefix.CopyTo(signed);
        message.Signed.CopyTo(signed[Prefix.Length..]);
        bool holds = author.Key.Verify(signed[..length], message.Signature);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return holds;
    }

    /// <summary>A whole signed message. The key is added only where the peer id does not contain it.</summary>
    public static byte[] Sign(PrivateKey key, PeerId from, ulong seqno, string topic, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, seqno);
        byte[] unsigned = MessageView.WriteUnsigned(from.Bytes, data, number, Encoding.UTF8.GetBytes(topic));
        byte[] signature = key.Sign([.. Prefix, .. unsigned]);
        return MessageView.Seal(unsigned, signature, from.TryGetKey() is null ? key.Public.Encoded.Span : default);
    }
}
