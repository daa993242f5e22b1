using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.Files;

/// <summary>A program: an ELF header of x86-64, and bytes that follow from its name. Not kept in memory.</summary>
internal sealed class Binary(string name, int size) : IFileContent
{
    /// <summary>Which program it is, wherever it was copied.</summary>
    public string Name => name;

    public long Size => size;

    public byte[] Read()
    {
        byte[] content = new byte[size];
        uint state = 2166136261;
        foreach (byte letter in Encoding.UTF8.GetBytes(name))
        {
            state = unchecked((state ^ letter) * 16777619);
        }

        for (int i = 0; i + sizeof(uint) <= content.Length; i += sizeof(uint))
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(i), (i & 0x1000) == 0 ? state : 0);
        }

        Header().AsSpan(0, Math.Min(content.Length, 64)).CopyTo(content);
        return content;
    }

    // ELF64, little endian, shared object (PIE), x86-64, as every program of the distribution.
    private byte[] Header()
    {
        byte[] header = new byte[64];
        "\x7f"u8.CopyTo(header);
        "ELF"u8.CopyTo(header.AsSpan(1));
        (header[4], header[5], header[6]) = (2, 1, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), 62);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), 0x1000 + ((ulong)name.Length * 0x340));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), (ulong)Math.Max(64, size - (31 * 64)));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(56), 13);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(60), 31);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(62), 30);
        return header;
    }
}
