using System.Buffers.Binary;

namespace Blackwall.Tarpit.HostChannel.Wire;

/// <summary>A part of a file: SHA-256 of the whole (32 bytes), its length and the place of the part (8 bytes each), bytes.</summary>
public readonly ref struct FilePart
{
    public const int LargestPart = Frame.LargestPayload - HeadLength;

    /// <summary>Bytes of a hash, or of another key.</summary>
    public const int HashLength = 32;

    private const int HeadLength = HashLength + 16;

    public FilePart(ReadOnlySpan<byte> hash, long length, long offset, ReadOnlySpan<byte> bytes)
    {
        Hash = hash;
        Length = length;
        Offset = offset;
        Bytes = bytes;
    }

    public ReadOnlySpan<byte> Hash { get; }

    public long Length { get; }

    public long Offset { get; }

    public ReadOnlySpan<byte> Bytes { get; }

    public static bool TryRead(ReadOnlySpan<byte> payload, out FilePart part)
    {
        part = default;
        if (payload.Length < HeadLength)
        {
            return false;
        }

        part = new FilePart(payload[..HashLength], BinaryPrimitives.ReadInt64BigEndian(payload[HashLength..]), BinaryPrimitives.ReadInt64BigEndian(payload[(HashLength + 8)..]), payload[HeadLength..]);
        return part.Length >= 0 && part.Offset >= 0 && part.Offset <= part.Length - part.Bytes.Length;
    }

    public byte[] ToArray()
    {
        byte[] payload = new byte[HeadLength + Bytes.Length];
        Hash.CopyTo(payload);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(HashLength), Length);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(HashLength + 8), Offset);
        Bytes.CopyTo(payload.AsSpan(HeadLength));
        return payload;
    }
}
