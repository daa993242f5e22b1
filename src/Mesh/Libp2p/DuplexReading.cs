using System.Buffers;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p;

/// <summary>Reads whole pieces of a stream, never a byte beyond them.</summary>
public static class DuplexReading
{
    private const int FirstRoom = 1024;

    /// <summary>Fills the buffer. Throws <see cref="EndOfStreamException"/> when the stream ends before.</summary>
    public static async ValueTask ReadExactlyAsync(this IDuplex stream, Memory<byte> buffer, CancellationToken cancellation)
    {
        while (buffer.Length > 0)
        {
            int read = await stream.ReadAsync(buffer, cancellation);
            if (read == 0)
            {
                throw new EndOfStreamException("The stream ended inside a message.");
            }

            buffer = buffer[read..];
        }
    }

    /// <summary>
    /// Reads a message with its length (varint) before it. Null at the end of the stream; throws <see cref="InvalidDataException"/> for a length that is
    /// over the limit or no varint, before anything is allocated. What is held grows with the bytes that came, not with the length that was promised.
    /// </summary>
    public static async ValueTask<byte[]?> ReadMessageAsync(this IDuplex stream, int limit, CancellationToken cancellation)
    {
        int length = await stream.ReadLengthAsync(limit, cancellation);
        if (length < 0)
        {
            return null;
        }

        int room = Math.Min(length, FirstRoom);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            for (int have = 0; have < length;)
            {
                if (have == room)
                {
                    room = Math.Min(length, room * 2);
                    byte[] larger = ArrayPool<byte>.Shared.Rent(room);
                    buffer.AsSpan(0, have).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                int read = await stream.ReadAsync(buffer.AsMemory(have, room - have), cancellation);
                have += read > 0 ? read : throw new EndOfStreamException("The stream ended inside a message.");
            }

            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a varint of at most <paramref name="limit"/>; -1 at the end of the stream. Throws as <see cref="ReadMessageAsync"/> does.</summary>
    public static async ValueTask<int> ReadLengthAsync(this IDuplex stream, int limit, CancellationToken cancellation)
    {
        byte[] prefix = ArrayPool<byte>.Shared.Rent(Varint.MaxLength);
        try
        {
            for (int have = 0; ;)
            {
                if (await stream.ReadAsync(prefix.AsMemory(have, 1), cancellation) == 0)
                {
                    return have == 0 ? -1 : throw new EndOfStreamException("The stream ended inside a length.");
                }

                have++;
                switch (Varint.Read(prefix.AsSpan(0, have), out ulong value, out _))
                {
                    case VarintStatus.Whole when value <= (ulong)limit:
                        return (int)value;
                    case VarintStatus.Whole:
                        throw new InvalidDataException($"A message of {value} bytes; {limit} are allowed.");
                    case VarintStatus.Invalid:
                        throw new InvalidDataException("A length that is no varint.");
                    default:
                        break;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(prefix);
        }
    }

    /// <summary>Sends a message with its length (varint) before it.</summary>
    public static async ValueTask WriteMessageAsync(this IDuplex stream, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        byte[] whole = ArrayPool<byte>.Shared.Rent(message.Length + Varint.MaxLength);
        try
        {
            int prefix = Varint.Write(whole, (ulong)message.Length);
            message.Span.CopyTo(whole.AsSpan(prefix));
            await stream.WriteAsync(whole.AsMemory(0, prefix + message.Length), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}
