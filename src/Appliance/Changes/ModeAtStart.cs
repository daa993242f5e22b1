using Blackwall.Kernel.Abi;

namespace Blackwall.Changes;

/// <summary>The mode of the configuration.</summary>
/// <param name="Mode">As configured, or the default.</param>
/// <param name="IsExplicit">Whether file, environment or command line name it.</param>
public sealed record ModeAtStart(EnforcementMode Mode, bool IsExplicit)
{
    /// <summary>
    /// The mode that the wall starts in. What was confirmed over the API holds over a restart, until somebody changes the configuration: then that is
    /// the newer word.
    /// </summary>
    /// <param name="confirmed">Confirmed last; null: nothing was.</param>
    /// <param name="configuredThen">What the configuration said at that time; null: not known, for an older version confirmed it.</param>
    public EnforcementMode Choose(EnforcementMode? confirmed, EnforcementMode? configuredThen) =>
        confirmed is { } mode && (configuredThen is { } then ? then == Mode : !IsExplicit) ? mode : Mode;
}
