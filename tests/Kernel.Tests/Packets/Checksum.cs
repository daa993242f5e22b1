using System.Buffers.Binary;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Tests.Packets;

/// <summary>The internet checksum the slow way (RFC 1071): what the programs' incremental updates are held against.</summary>
public static class Checksum
{
    public static ushort Of(ReadOnlySpan<byte> bytes, uint seed = 0) => (ushort)~Fold(Sum(bytes, seed));

    public static ushort Fold(uint sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)sum;
    }

    public static uint Sum(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        uint sum = seed;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += i + 1 < bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]) : (uint)bytes[i] << 8;
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return sum;
    }

    public static uint Pseudo(Address source, Address destination, bool v6, byte protocol, int length)
    {
        Span<byte> bytes = stackalloc byte[32];
        int size = v6 ? 16 : 4;
        if (v6)
        {
            source.WriteBytes(bytes);
            destination.WriteBytes(bytes[16..]);
        }
        else
        {
            source.WriteFamilyBytes(bytes);
            destination.WriteFamilyBytes(bytes[4..]);
        }

        return Sum(bytes[..(size * 2)]) + protocol + (uint)length;
    }
}
