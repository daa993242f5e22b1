using Blackwall.Replay.Wire;

namespace Blackwall.Tests.Replay;

/// <summary>All that a parser finds in these bytes.</summary>
internal sealed record ReadCapture(IReadOnlyList<ReadCapture.Packet> Packets, string? Fault, long Offset, bool Whole)
{
    internal sealed record Packet(ulong Nanoseconds, uint LinkType, long OriginalLength, string Data);

    /// <param name="bytes">A capture, or not.</param>
    /// <param name="chunk">Bytes that come at a time.</param>
    public static ReadCapture Of(byte[] bytes, int chunk = int.MaxValue)
    {
        CaptureParser parser = new();
        List<Packet> packets = [];
        int start = 0;
        int end = Math.Min(bytes.Length, chunk);
        while (true)
        {
            switch (parser.Next(bytes.AsSpan(start, end - start), out int consumed, out CapturedPacket packet))
            {
                case CaptureStep.Packet:
                    packets.Add(new Packet(packet.Nanoseconds, packet.LinkType, packet.OriginalLength, Convert.ToHexString(packet.Data)));
                    break;
                case CaptureStep.Damaged:
                    return new ReadCapture(packets, parser.Fault, parser.Offset, Whole: false);
                case CaptureStep.NeedMore when end == bytes.Length:
                    return new ReadCapture(packets, parser.Fault, parser.Offset, Whole: start == end);
                case CaptureStep.NeedMore:
                    end = (int)Math.Min(bytes.Length, end + (long)chunk);
                    break;
            }

            start += consumed;
        }
    }
}
