using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel.Events;

/// <summary>Takes what the kernel tells, on the one thread that reads the rings. The references are valid only during the call.</summary>
public interface IKernelEventSink
{
    void Observe(in PacketEvent packet);

    /// <param name="header">What the sample is of.</param>
    /// <param name="data">Payload bytes, hostile.</param>
    void Observe(in SampleHeader header, ReadOnlySpan<byte> data);
}
