namespace Blackwall.Pipeline.Model;

/// <summary>About one frame that the tap handed out.</summary>
/// <param name="UnixNanoseconds">When the kernel saw it.</param>
/// <param name="Length">Bytes on the wire; the frame may hold fewer.</param>
/// <param name="Outgoing">Whether it left through the guarded interface.</param>
/// <param name="DroppedBy">The decision that dropped it before anything else saw it; 0: it was not dropped.</param>
public readonly record struct TappedPacket(long UnixNanoseconds, int Length, bool Outgoing, long DroppedBy);
