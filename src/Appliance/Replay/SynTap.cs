using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>Reads the TCP clients of a capture off its packets, in both directions. A SYN that is sent again within ten seconds is the same client.</summary>
internal sealed class SynTap(Action<ReplayedSyn> found)
{
    private readonly RecentFlows _told = new();

    public void Observe(ReadOnlySpan<byte> frame, in FrameSketch sketch, ulong time)
    {
        if (!sketch.Opens
            || !TransportPayload.TryRead(frame, out TransportPayload payload)
            || !TcpSyn.TryRead(payload.Network, payload.Header, payload.Data.Length, out TcpSyn syn))
        {
            return;
        }

        HelloFlow flow = new(sketch.Source, sketch.SourcePort, sketch.Destination, sketch.DestinationPort, sketch.Protocol);
        if (!_told.Contains(in flow, time))
        {
            _told.Add(in flow, time);
            found(new ReplayedSyn(time, flow, SynPrint.Compute(in syn), SynPrint.Distance(in syn)));
        }
    }
}
