using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Kernel.Events;

/// <summary>Hands kernel events to the pipeline; those of interfaces that look inside, from our side's end.</summary>
/// <param name="pipeline">Where to.</param>
/// <param name="inside">What looks inside; null: nothing.</param>
internal sealed class PipelineFeed(DecisionPipeline pipeline, InsideView? inside = null) : IKernelEventSink
{
    public void Observe(in PacketEvent packet)
    {
        if (inside?.Sees(packet.Interface, in packet.Local) != true)
        {
            pipeline.Observe(in packet);
        }
        else if (InsideView.TryTurn(in packet, out PacketEvent turned))
        {
            pipeline.Observe(in turned);
        }
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data)
    {
        if (inside?.Sees(header.Interface, in header.Local) != true)
        {
            pipeline.Observe(in header, data);
        }
        else if (InsideView.TryTurn(in header, out SampleHeader turned))
        {
            pipeline.Observe(in turned, data);
        }
    }
}
