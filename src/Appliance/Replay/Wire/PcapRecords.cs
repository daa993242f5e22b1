namespace Blackwall.Replay.Wire;

/// <summary>The records after the header of a classic pcap file.</summary>
internal sealed class PcapRecords(FileOrder order, bool nanoseconds, uint linkType)
{
    public const int FileHeaderBytes = 24;

    private const int HeaderBytes = 16;

    public string? Fault { get; private set; }

    public CaptureStep Next(ReadOnlySpan<byte> bytes, out int consumed, ref CapturedPacket packet)
    {
        consumed = 0;
        if (bytes.Length < HeaderBytes)
        {
            return CaptureStep.NeedMore;
        }

        uint captured = order.U32(bytes[8..]);
        if (captured > CaptureParser.LongestPacket)
        {
            Fault = $"a packet of {captured} bytes, and none is longer than {CaptureParser.LongestPacket}";
            return CaptureStep.Damaged;
        }

        if (bytes.Length - HeaderBytes < captured)
        {
            return CaptureStep.NeedMore;
        }

        // Both fields are 32 bits without a sign, which is enough until 2106.
        ulong fraction = order.U32(bytes[4..]) * (nanoseconds ? 1ul : 1_000ul);
        packet = new CapturedPacket
        {
            Nanoseconds = (order.U32(bytes) * 1_000_000_000ul) + fraction,
            LinkType = linkType,
            OriginalLength = Math.Max(order.U32(bytes[12..]), captured),
            Data = bytes.Slice(HeaderBytes, (int)captured),
        };
        consumed = HeaderBytes + (int)captured;
        return CaptureStep.Packet;
    }
}
