using System.Buffers;
using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>Makes ids of messages.</summary>
internal static class MessageIds
{
    /// <summary>Bytes of an id by <see cref="MessageIdFunction.Sha256"/>.</summary>
    public const int Sha256Length = 20;

    private const int OnStack = 2048;

    /// <summary>False: the message has no id by this function (its author or sequence number is missing or too long).</summary>
    public static bool TryMake(MessageIdFunction function, in MessageView message, out MessageId id) =>
        function is MessageIdFunction.Sha256 ? TryHash(message.Topic, message.Data, out id) : TryJoin(message.From, message.Seqno, out id);

    private static bool TryJoin(ReadOnlySpan<byte> from, ReadOnlySpan<byte> seqno, out MessageId id)
    {
        id = default;
        if (from.Length == 0 || seqno.Length != sizeof(ulong) || from.Length + seqno.Length > MessageId.MaxLength)
        {
            return false;
        }

        Span<byte> joined = stackalloc byte[MessageId.MaxLength];
        from.CopyTo(joined);
        seqno.CopyTo(joined[from.Length..]);
        return MessageId.TryCreate(joined[..(from.Length + seqno.Length)], out id);
    }

    private static bool TryHash(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> data, out MessageId id)
    {
        int length = topic.Length + 1 + data.Length;
        byte[]? rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> input = rented is null ? stackalloc byte[OnStack] : rented;
        topic.CopyTo(input);
        input[topic.Length] = 0;
        data.CopyTo(input[(topic.Length + 1)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return MessageId.TryCreate(hash[..Sha256Length], out id);
    }
}
