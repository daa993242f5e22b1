using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>Takes tapped frames, on the tap's one thread.</summary>
public interface IPacketReceiver
{
    /// <param name="packet">About the frame.</param>
    /// <param name="frame">From the Ethernet header on; hostile, and valid only during the call.</param>
    void OnPacket(in TappedPacket packet, ReadOnlySpan<byte> frame);

    /// <summary>Nothing more waits at this moment.</summary>
    void Rest();
}
