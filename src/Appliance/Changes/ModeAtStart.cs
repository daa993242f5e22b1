using Blackwall.Kernel.Abi;

namespace Blackwall.Changes;

/// <summary>The mode of the configuration.</summary>
/// <param name="Mode">As configured, or the default.</param>
/// <param name="IsExplicit">Whether file, environment or command line name it.</param>
public sealed record ModeAtStart(EnforcementMode Mode, bool IsExplicit);
