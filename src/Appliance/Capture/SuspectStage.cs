using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Microsoft.Extensions.Options;

namespace Blackwall.Capture;

/// <summary>
/// Adds up odd things of a source: many new flows, refusals, impossible packets, limits met. It decides nothing; who is odd enough has its packets
/// kept in memory for a while, in case of a decision. A fixed table: sources that share a place displace each other.
/// </summary>
internal sealed class SuspectStage(CaptureInbox inbox, IOptions<CaptureOptions> options) : IStage
{
    private const int Slots = 4096;
    private const int Enough = 4;
    private const ulong Window = 10_000_000_000;

    private readonly Slot[] _slots = new Slot[Slots];
    private readonly bool _wanted = options.Value.Enabled && options.Value.SecondsBefore > 0;

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        int weight = Weight(packet.Kind);
        if (!_wanted || weight == 0 || packet.Direction != FlowDirection.Inbound)
        {
            return;
        }

        ref Slot slot = ref _slots[packet.Remote.GetHashCode() & (Slots - 1)];
        if (slot.Source != packet.Remote || packet.TimeNanoseconds - slot.Since > Window)
        {
            slot = new Slot { Source = packet.Remote, Since = packet.TimeNanoseconds };
        }

        slot.Score += weight;
        if (slot.Score >= Enough)
        {
            // Reported again when the window is over and the source goes on.
            slot.Score = int.MinValue / 2;
            inbox.Suspect(packet.Remote.ToAddress());
        }
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        // Payload is judged by other stages.
    }

    public void Forget(Prefix scope)
    {
        // This stage asks for no decisions.
    }

    public void Exempt(Prefix scope)
    {
        // This stage asks for no decisions.
    }

    private static int Weight(EventKind kind) => kind switch
    {
        EventKind.FlowOpen or EventKind.FlowEstablished => 1,
        EventKind.FlowRefused or EventKind.FlowReopened => 2,
        EventKind.Stealth or EventKind.Limited or EventKind.Malformed => Enough,
        _ => 0,
    };

    private struct Slot
    {
        public RawAddress Source;
        public ulong Since;
        public int Score;
    }
}
