using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tests.Abi;

/// <summary>Just enough of ELF64, little endian, to find a section by name.</summary>
internal static class ElfFile
{
    public static byte[] Section(byte[] file, string wanted)
    {
        ReadOnlySpan<byte> data = file;
        if (!data.StartsWith("\u007fELF"u8) || data[4] != 2 || data[5] != 1)
        {
            throw new InvalidDataException("Not a little-endian ELF64 object.");
        }

        ulong headers = BinaryPrimitives.ReadUInt64LittleEndian(data[0x28..]);
        ushort size = BinaryPrimitives.ReadUInt16LittleEndian(data[0x3a..]);
        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(data[0x3c..]);
        ushort names = BinaryPrimitives.ReadUInt16LittleEndian(data[0x3e..]);
        ReadOnlySpan<byte> nameTable = Content(data, Header(data, headers, size, names));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = Header(data, headers, size, i);
            ReadOnlySpan<byte> name = nameTable[(int)BinaryPrimitives.ReadUInt32LittleEndian(header)..];
            if (string.Equals(Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]), wanted, StringComparison.Ordinal))
            {
                return Content(data, header).ToArray();
            }
        }

        throw new InvalidDataException($"The object has no section {wanted}; was it compiled with -g?");
    }

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> data, ulong headers, int size, int index) => data.Slice((int)headers + (index * size), size);

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> data, ReadOnlySpan<byte> header) =>
        data.Slice((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]), (int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]));
}
