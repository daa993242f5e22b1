using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>Both ends of a flow, the same for its two directions.</summary>
internal readonly record struct FlowPair(Address Low, Address High, ushort LowPort, ushort HighPort, byte Protocol)
{
    public static FlowPair From(in FrameSketch frame)
    {
        int order = frame.Source.CompareTo(frame.Destination);
        return order < 0 || (order == 0 && frame.SourcePort <= frame.DestinationPort)
            ? new FlowPair(frame.Source, frame.Destination, frame.SourcePort, frame.DestinationPort, frame.Protocol)
            : new FlowPair(frame.Destination, frame.Source, frame.DestinationPort, frame.SourcePort, frame.Protocol);
    }
}
