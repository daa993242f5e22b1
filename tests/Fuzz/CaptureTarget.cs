using Blackwall.Replay.Wire;

namespace Blackwall.Fuzz;

/// <summary>Capture files: whatever the bytes are, the parser goes forward, stays inside them, and ends.</summary>
internal sealed class CaptureTarget : IFuzzTarget
{
    public string Name => "capture";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            // pcap: little endian in microseconds, big endian in nanoseconds; one packet each.
            "D4C3B2A1020004000000000000000000FFFF000001000000" + "0A00000014000000040000000500000001020304",
            "A1B23C4D00020004000000000000000000000FFFF0000000650000000A00000014000000040000000445000004",

            // pcapng: section, interface with if_tsresol, enhanced and simple packet; then the same in the other order.
            "0A0D0D0A1C0000004D3C2B1A01000000FFFFFFFFFFFFFFFF1C000000" + "010000001C0000000100000000000000090001000900000000000000" + "1C000000"
                + "0600000024000000000000000100000002000000040000000400000001020304" + "24000000" + "0300000014000000040000000102030414000000",
            "0A0D0D0A0000001C1A2B3C4D00010000FFFFFFFFFFFFFFFF0000001C" + "000000010000001400710000000000FF00000014" + "00000006000000240000000000000001000000020000000400000004" + "01020304" + "00000024",
        }.Select(hex => Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex + "0")),
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        CaptureParser parser = new();
        int start = 0;
        while (true)
        {
            CaptureStep step = parser.Next(input[start..], out int consumed, out CapturedPacket packet);
            if (step is CaptureStep.NeedMore or CaptureStep.Damaged)
            {
                return consumed != 0 ? "bytes are gone without a record"
                    : (parser.Fault is null) != (step == CaptureStep.NeedMore) ? "the fault and the step disagree"
                    : null;
            }

            if (consumed <= 0 || consumed > input.Length - start)
            {
                return $"a record of {consumed} bytes where {input.Length - start} are left";
            }

            if (step == CaptureStep.Packet && Look(in packet, input[start..(start + consumed)]) is { } fault)
            {
                return fault;
            }

            start += consumed;
            if (parser.Offset != start)
            {
                return "the offset is not the sum of what was consumed";
            }
        }
    }

    private static string? Look(in CapturedPacket packet, ReadOnlySpan<byte> record)
    {
        if (!packet.Data.IsEmpty && !record.Overlaps(packet.Data))
        {
            return "the packet does not lie in its record";
        }

        if (packet.OriginalLength < packet.Data.Length)
        {
            return "the packet grew";
        }

        if (LinkLayer.TryLocate(packet.LinkType, packet.Data, out int header, out _) && header > packet.Data.Length)
        {
            return "the link header is longer than the packet";
        }

        // Taken for a frame, whatever it is: it must not throw.
        _ = FrameSketch.TryRead(packet.Data, out _, out _);
        return null;
    }
}
