using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;

namespace Blackwall.Replay;

/// <summary>Where a replay tells what happens. All times are of the capture.</summary>
internal interface IReplayOutput
{
    /// <summary>Whether <see cref="Packet"/> is called: the reason of each packet costs a system call.</summary>
    bool WantsPackets { get; }

    /// <param name="number">From 1, as they lie in the file.</param>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="frame">Null: no IP.</param>
    /// <param name="outbound">It left from our side.</param>
    /// <param name="reason">Null for what leaves: the wall judges what comes in.</param>
    void Packet(long number, ulong time, FrameSketch? frame, bool outbound, Reason? reason);

    void Decision(DecisionChange change);

    /// <summary>Something was seen that asks for no decision: what an inside host does, a flood on a target, a weak sign.</summary>
    void Evidence(Evidence evidence);

    void Flow(ReplayedFlow flow);

    void Hello(ReplayedHello hello);

    void Syn(ReplayedSyn syn);

    /// <summary>The capture cannot be read on.</summary>
    void Fault(long offset, string sentence);

    void Summary(ReplaySummary summary);
}
