using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel;

/// <summary>What the wall is right now.</summary>
/// <param name="Interface">Guarded interface.</param>
/// <param name="Mode">Enforce, observe or off.</param>
/// <param name="AttachMode">"native", "generic" or "offload"; null while nothing is attached.</param>
/// <param name="EgressMode">"tcx" or "tc"; null while nothing is attached.</param>
/// <param name="Fallback">Why the attach mode is not the one asked for; null when it is.</param>
/// <param name="Generation">Policy generation in force, counts up.</param>
/// <param name="Adopted">Whether a wall left by an earlier process was taken over.</param>
/// <param name="Fault">One sentence when the wall does not stand as configured; null when all is well.</param>
/// <param name="Challenges">How challenges leave: "xdp", or "tc" on a veth, whose peer may not take what XDP sends; null while nothing is attached.</param>
/// <param name="Side">Which way the interface looks.</param>
public sealed record WallStatus(
    string Interface,
    EnforcementMode Mode,
    string? AttachMode,
    string? EgressMode,
    string? Fallback,
    ulong Generation,
    bool Adopted,
    string? Fault,
    string? Challenges = null,
    Side Side = Side.Outside);
