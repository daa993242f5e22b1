using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Blackwall.Feeds.Fetching;

/// <summary>Reads a body, packed or not, up to a bound: neither a long one nor a small one that unpacks to a long one takes more.</summary>
internal static class BoundedBody
{
    private const int Step = 81_920;

    /// <exception cref="FetchException">It is too long, alone or together with what else is being fetched, or cut, or damaged.</exception>
    public static async Task<byte[]> ReadAsync(Stream body, long most, FetchRoom.Share room, CancellationToken cancellation)
    {
        byte[] sent = await ReadAllAsync(body, most, room, cancellation);
        return sent is [0x1f, 0x8b, ..] ? await UnpackAsync(sent, most, room, cancellation) : sent;
    }

    private static async Task<byte[]> UnpackAsync(byte[] packed, long most, FetchRoom.Share room, CancellationToken cancellation)
    {
        try
        {
            await using GZipStream unpacking = new(new MemoryStream(packed), CompressionMode.Decompress);
            byte[] plain = await ReadAllAsync(unpacking, most, room, cancellation);

            // The stream ends quietly where a packed file was cut; its last four bytes are the length (RFC 1952 section 2.3.1).
            if (packed.Length < 18 || BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 4)) != (uint)plain.Length)
            {
                throw new FetchException("The answer is cut: the packed data end before their end.");
            }

            return plain;
        }
        catch (InvalidDataException)
        {
            throw new FetchException("The answer is damaged: it says that it is packed (gzip) and cannot be unpacked.");
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, long most, FetchRoom.Share room, CancellationToken cancellation)
    {
        using MemoryStream kept = new();
        byte[] buffer = new byte[Step];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            if (kept.Length + read > most)
            {
                throw new FetchException(string.Create(CultureInfo.InvariantCulture, $"It is longer than {most >> 20} MiB, unpacked (feeds.max_megabytes)."));
            }

            room.Take(read);
            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }
}
