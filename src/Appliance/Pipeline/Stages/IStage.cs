using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Pipeline.Stages;

/// <summary>
/// A synchronous step of the pipeline. All members are called by the one thread that drains the rings, so a stage needs no locks;
/// it must not block, do IO or allocate for an ordinary event. Time is the event's, never the machine's.
/// </summary>
public interface IStage
{
    void Observe(in PacketEvent packet, IFindings findings);

    /// <param name="header">Head of the sample.</param>
    /// <param name="data">Payload as it came from the wire: hostile.</param>
    /// <param name="findings">Where results go.</param>
    void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings);

    /// <summary>Another stage, or this one, made something of a packet.</summary>
    void OnSign(in Sign sign, IFindings findings)
    {
        // By default nothing: most stages look at packets only.
    }

    /// <summary>A decision over this scope was lifted: what it rested on is forgotten, so that the sources begin anew.</summary>
    void Forget(Prefix scope);

    /// <summary>A decision about this scope was refused (guard, operator rule): the stage asks for no more for a while.</summary>
    void Exempt(Prefix scope);
}
