using System.Buffers.Binary;

namespace Blackwall.Lab.Measure;

/// <summary>Capture files in the classic format with microseconds and Ethernet frames.</summary>
public static class PcapFile
{
    private const uint Magic = 0xa1b2c3d4;
    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const uint SnapLength = 262_144;
    private const uint EthernetLink = 1;

    /// <summary>Writes frames, all at one time.</summary>
    public static async Task WriteAsync(string file, IEnumerable<byte[]> frames, CancellationToken cancellation)
    {
        await using var to = File.Create(file);
        await to.WriteAsync(Header(), cancellation);
        foreach (var frame in frames)
        {
            await to.WriteAsync(Record(DateTimeOffset.UnixEpoch, frame.Length), cancellation);
            await to.WriteAsync(frame, cancellation);
        }
    }

    /// <returns>Arrival times in file order; a record that was cut off ends the list.</returns>
    public static IReadOnlyList<DateTimeOffset> ReadTimes(string path) => [.. Read(path).Select(r => r.Time)];

    /// <summary>Times and bytes of the packets in file order; a record that was cut off ends the list.</summary>
    public static IEnumerable<(DateTimeOffset Time, ReadOnlyMemory<byte> Frame)> Read(string path)
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        if (bytes.Length < FileHeader || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            yield break;
        }

        var offset = FileHeader;
        while (offset + RecordHeader <= bytes.Length)
        {
            var seconds = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
            var microseconds = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset + 4));
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset + 8));
            offset += RecordHeader;
            if (offset + length > bytes.Length)
            {
                yield break;
            }

            yield return (DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(microseconds), bytes.AsMemory(offset, length));
            offset += length;
        }
    }

    public static byte[] Header()
    {
        var header = new byte[FileHeader];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), SnapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), EthernetLink);
        return header;
    }

    /// <summary>What stands before a packet of so many bytes.</summary>
    public static byte[] Record(DateTimeOffset time, int length)
    {
        var record = new byte[RecordHeader];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)time.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12), (uint)length);
        return record;
    }
}
