using Blackwall.Behavior.Memory;
using Blackwall.Kernel.Abi;

namespace Blackwall.Behavior.Outbound;

/// <summary>A flow that goes on is reported with its totals again and again; this knows what was counted of it before.</summary>
internal sealed class FlowTotals(int capacity, ulong seed)
{
    private readonly BoundedTable<FlowKey, Counted> _flows = new(capacity, seed);

    /// <summary>What a report says beyond the flow's earlier ones, in bytes.</summary>
    public (ulong Out, ulong In) Added(in PairKey pair, in PacketEvent packet)
    {
        FlowKey key = new(pair, packet.LocalPort);
        if (packet.Kind == EventKind.FlowProgress)
        {
            ref Counted counted = ref _flows.FindOrAdd(key, out _);
            (ulong, ulong) added = counted.Until(in packet);
            counted = new Counted { Out = packet.BytesOut, In = packet.BytesIn };
            return added;
        }

        if (!_flows.TryFind(key, out int slot))
        {
            return (packet.BytesOut, packet.BytesIn);
        }

        (ulong, ulong) rest = _flows[slot].Until(in packet);
        _flows.Remove(key);
        return rest;
    }

    private readonly record struct FlowKey(PairKey Pair, ushort InsidePort) : IHashed
    {
        public ulong Hash(ulong seed) => Pair.Hash(seed + InsidePort);
    }

    private struct Counted
    {
        public ulong Out;
        public ulong In;

        // The ports may have been used again meanwhile: then the totals begin anew.
        public readonly (ulong Out, ulong In) Until(in PacketEvent packet) => packet.BytesOut >= Out && packet.BytesIn >= In
            ? (packet.BytesOut - Out, packet.BytesIn - In)
            : (packet.BytesOut, packet.BytesIn);
    }
}
