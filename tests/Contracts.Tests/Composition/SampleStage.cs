using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Tests.Composition;

/// <summary>Records one piece of evidence for each event.</summary>
internal sealed class SampleStage : IStage
{
    public void Observe(in PacketEvent packet, IFindings findings) =>
        findings.Record(new Evidence(0, packet.Remote.ToAddress(), "sample", EvidenceClass.Spoofable, 1, DateTimeOffset.UnixEpoch, "seen"));

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        // Packets are enough.
    }

    public void Forget(Prefix scope)
    {
        // It remembers nothing.
    }

    public void Exempt(Prefix scope)
    {
        // As above.
    }
}
