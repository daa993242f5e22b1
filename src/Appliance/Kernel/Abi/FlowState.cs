namespace Blackwall.Kernel.Abi;

/// <summary>State of a tracked flow.</summary>
public enum FlowState : byte
{
    None = 0,
    Syn = 1,
    SynAck = 2,
    SynOut = 3,
    Established = 4,
    Closing = 5,
    Closed = 6,
    Datagram = 7,
    Dialogue = 8,
}
