using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Kernel.Events;

/// <summary>Hands kernel events to the pipeline.</summary>
internal sealed class PipelineFeed(DecisionPipeline pipeline) : IKernelEventSink
{
    public void Observe(in PacketEvent packet) => pipeline.Observe(in packet);

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data) => pipeline.Observe(in header, data);
}
