using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>
/// Frames of chosen sources from the guarded interface, both directions. The choice is made in the kernel: nothing of anybody else, and nothing
/// of who manages this machine, reaches this process. Thread-safe.
/// </summary>
public interface IPacketTap
{
    /// <summary>False while network.mode is off: then nothing can be watched.</summary>
    bool Available { get; }

    /// <summary>Why nothing can be tapped; null: all is well.</summary>
    string? Fault { get; }

    /// <summary>Frames that were wanted and got lost on the way here.</summary>
    long Lost { get; }

    /// <summary>Begins to hand out what is watched. Once.</summary>
    /// <param name="taker">Who takes it.</param>
    /// <param name="ringMegabytes">Memory between kernel and taker, 1..256; held only while something is watched.</param>
    void Open(IPacketReceiver taker, int ringMegabytes);

    /// <summary>What is never tapped: guarded peers at either end, and these ports of this machine's own addresses. Tell it before the first watch.</summary>
    void Protect(GuardSet guard, IReadOnlyList<ushort> ownPorts);

    /// <summary>Taps a source, or changes the terms. False: there are too many, or there is no tap.</summary>
    bool TryWatch(Prefix scope, TapTerms terms);

    void Unwatch(Prefix scope);
}
