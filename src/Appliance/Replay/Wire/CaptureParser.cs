using System.Buffers.Binary;

namespace Blackwall.Replay.Wire;

/// <summary>
/// Reads a capture record by record: classic pcap (draft-ietf-opsawg-pcap) or pcapng (draft-ietf-opsawg-pcapng), whichever its first bytes say.
/// The caller keeps the bytes; nothing that a file holds makes it throw. Not thread-safe.
/// </summary>
public sealed class CaptureParser
{
    /// <summary>No whole record is longer, in bytes.</summary>
    public const int LongestRecord = 16 * 1024 * 1024;

    /// <summary>No packet in a capture is longer, in bytes (MAXIMUM_SNAPLEN of libpcap).</summary>
    public const int LongestPacket = 262_144;

    private const uint PcapMicroseconds = 0xa1b2c3d4;
    private const uint PcapNanoseconds = 0xa1b23c4d;
    private const uint PcapModified = 0xa1b2cd34;
    private const uint PcapngSection = 0x0a0d0d0a;

    private PcapRecords? _pcap;
    private PcapngBlocks? _pcapng;

    /// <summary>Bytes of the capture before the record that is looked at.</summary>
    public long Offset { get; private set; }

    /// <summary>What is wrong, without the place; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>Looks at the record at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The capture from <see cref="Offset"/> on, as far as it is there.</param>
    /// <param name="consumed">Bytes that are done with; 0 when more are needed or the capture is damaged.</param>
    /// <param name="packet">Lies in <paramref name="bytes"/>.</param>
    public CaptureStep Next(ReadOnlySpan<byte> bytes, out int consumed, out CapturedPacket packet)
    {
        packet = default;
        CaptureStep step = ParseRecord(bytes, out consumed, ref packet);
        if (step is CaptureStep.NeedMore or CaptureStep.Damaged)
        {
            consumed = 0;
        }

        Offset += consumed;
        return step;
    }

    private CaptureStep ParseRecord(ReadOnlySpan<byte> bytes, out int consumed, ref CapturedPacket packet)
    {
        consumed = 0;
        if (Fault is not null)
        {
            return CaptureStep.Damaged;
        }

        if (_pcap is null && _pcapng is null)
        {
            if (bytes.Length < sizeof(uint))
            {
                return CaptureStep.NeedMore;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != PcapngSection)
            {
                return OpenPcap(bytes, out consumed);
            }

            _pcapng = new PcapngBlocks();
        }

        CaptureStep step = _pcap is not null ? _pcap.Next(bytes, out consumed, ref packet) : _pcapng!.Next(bytes, out consumed, ref packet);
        if (step == CaptureStep.Damaged)
        {
            Fault = _pcap?.Fault ?? _pcapng?.Fault;
        }

        return step;
    }

    private CaptureStep OpenPcap(ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = 0;
        uint little = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint big = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        bool isBig = big is PcapMicroseconds or PcapNanoseconds or PcapModified;
        uint magic = isBig ? big : little;
        if (magic is not (PcapMicroseconds or PcapNanoseconds))
        {
            Fault = magic switch
            {
                PcapModified => "this is Kuznetzov's modified pcap, which is not read; convert it with 'editcap -F pcapng'",
                _ when (little & 0xffff) == 0x8b1f => "this is compressed; run gunzip first",
                _ => "this is no capture: it begins neither like pcap nor like pcapng",
            };
            return CaptureStep.Damaged;
        }

        if (bytes.Length < PcapRecords.FileHeaderBytes)
        {
            return CaptureStep.NeedMore;
        }

        FileOrder order = new(isBig);
        ushort major = order.U16(bytes[4..]);
        if (major != 2)
        {
            Fault = $"this is pcap version {major}; version 2 is read";
            return CaptureStep.Damaged;
        }

        // The upper bits say how many bytes of frame check sequence follow each packet: behind the IP packet, where nobody looks.
        _pcap = new PcapRecords(order, magic == PcapNanoseconds, order.U32(bytes[20..]) & 0xffff);
        consumed = PcapRecords.FileHeaderBytes;
        return CaptureStep.Other;
    }
}
