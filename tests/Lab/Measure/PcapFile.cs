using System.Buffers.Binary;

namespace Blackwall.Lab.Measure;

/// <summary>Reads the arrival times out of a capture file in the classic format with microseconds.</summary>
public static class PcapFile
{
    private const uint Magic = 0xa1b2c3d4;
    private const int FileHeader = 24;
    private const int RecordHeader = 16;

    /// <returns>Arrival times in file order; a record that was cut off ends the list.</returns>
    public static IReadOnlyList<DateTimeOffset> ReadTimes(string path)
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        List<DateTimeOffset> times = [];
        if (bytes.Length < FileHeader || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            return times;
        }

        var offset = FileHeader;
        while (offset + RecordHeader <= bytes.Length)
        {
            var record = bytes.AsSpan(offset);
            var seconds = BinaryPrimitives.ReadUInt32LittleEndian(record);
            var microseconds = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
            times.Add(DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(microseconds));
            offset += RecordHeader + (int)BinaryPrimitives.ReadUInt32LittleEndian(record[8..]);
        }

        return times;
    }
}
