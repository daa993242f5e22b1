namespace Blackwall.Kernel.Abi;

/// <summary>What the kernel saw; <c>enum bw_event_kind</c> in bpf/abi.h says when each is sent.</summary>
public enum EventKind : byte
{
    None = 0,
    FlowOpen = 1,
    FlowEstablished = 2,
    FlowClosed = 3,
    FlowRefused = 4,
    Stealth = 5,
    Limited = 6,
    Dropped = 7,
    Redirected = 8,
    Proven = 9,
    Entropy = 10,
    Malformed = 11,
    FlowReopened = 12,
    Shadow = 13,
    FlowProgress = 14,
    HttpError = 15,
    LoginRefused = 16,
    FlowWakes = 17,
}
