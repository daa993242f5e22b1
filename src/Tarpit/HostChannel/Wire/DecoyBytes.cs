using System.Buffers.Binary;

namespace Blackwall.Tarpit.HostChannel.Wire;

/// <summary>Bytes of a connection to the operator's decoy: number of the connection (4 bytes, chosen by the tarpit), bytes.</summary>
public readonly ref struct DecoyBytes
{
    public const int Largest = 16 * 1024;

    private const int HeadLength = sizeof(uint);

    public DecoyBytes(uint number, ReadOnlySpan<byte> bytes)
    {
        Number = number;
        Bytes = bytes;
    }

    public uint Number { get; }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>False: it is too short or too long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out DecoyBytes read)
    {
        read = payload.Length is < HeadLength or > HeadLength + Largest ? default : new DecoyBytes(BinaryPrimitives.ReadUInt32BigEndian(payload), payload[HeadLength..]);
        return payload.Length is >= HeadLength and <= HeadLength + Largest;
    }

    public byte[] ToArray()
    {
        byte[] payload = new byte[HeadLength + Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(payload, Number);
        Bytes.CopyTo(payload.AsSpan(HeadLength));
        return payload;
    }
}
