using System.Buffers.Binary;

namespace Blackwall.Tarpit.World.Packages;

/// <summary>gzip with blocks that are stored as they are: its length is known before it is made.</summary>
internal static class StoredGzip
{
    private const int LargestBlock = 65_535;
    private const int BlockHead = 5;

    /// <summary>What a file of this length has beside its content.</summary>
    public static int Overhead(int size) => 18 + (BlockHead * Math.Max(1, (size - 18 + LargestBlock + BlockHead - 1) / (LargestBlock + BlockHead)));

    public static byte[] Of(byte[] text)
    {
        byte[] content = new byte[18 + (BlockHead * Math.Max(1, (text.Length + LargestBlock - 1) / LargestBlock)) + text.Length];
        new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3 }.CopyTo(content, 0);
        int at = 10, from = 0;
        do
        {
            int length = Math.Min(LargestBlock, text.Length - from);
            bool isLast = from + length == text.Length;
            content[at] = isLast ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(at + 1), (ushort)length);
            BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(at + 3), (ushort)~length);
            text.AsSpan(from, length).CopyTo(content.AsSpan(at + BlockHead));
            at += BlockHead + length;
            from += length;
        }
        while (from < text.Length);

        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at), Crc32(text));
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at + 4), (uint)text.Length);
        return content;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
