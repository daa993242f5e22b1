namespace Blackwall.Kernel.Abi;

/// <summary>What got lost or failed inside the kernel programs.</summary>
public enum LossKind : byte
{
    Events = 0,
    TlsEvents = 1,
    EgressEvents = 2,
    DpiEvents = 3,
    FlowInsert = 4,
    NatInsert = 5,
    TailCall = 6,
    PayloadFrags = 7,
    EventSampling = 8,
    DroppedFrames = 9,
    SynSamples = 10,
}
