namespace Blackwall.Pipeline.Model;

/// <summary>What one stage made of a packet, for the others to weigh. It asks for nothing.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Source">Of whom.</param>
/// <param name="Class">What it proves.</param>
/// <param name="Weight">0..1: how strongly it points to an attack.</param>
/// <param name="Thing">Signs of one source that differ in nothing have the same; 0: not told apart.</param>
/// <param name="RemotePort">Host order.</param>
/// <param name="LocalPort">Host order.</param>
/// <param name="TimeNanoseconds">The packet's time.</param>
/// <param name="Facts">What was measured, where that is told of; null: nothing.</param>
public readonly record struct Sign(
    SignKind Kind, Address Source, EvidenceClass Class, double Weight, uint Thing, ushort RemotePort, ushort LocalPort, ulong TimeNanoseconds, EvidenceFacts? Facts);
