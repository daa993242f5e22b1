using Blackwall.Kernel.Abi;

namespace Blackwall.Changes;

/// <summary>The mode of the configuration.</summary>
/// <param name="Mode">As configured, or the default.</param>
/// <param name="IsExplicit">Whether file, environment or command line name it.</param>
/// <param name="IsForced">Whether the command line or the environment of this very start names it: nothing is newer than that.</param>
public sealed record ModeAtStart(EnforcementMode Mode, bool IsExplicit, bool IsForced = false)
{
    /// <summary>What the configuration says, as one number to be remembered with a confirmed mode.</summary>
    public long Mark => (long)Mode + (IsExplicit ? 16 : 0);

    /// <summary>
    /// The mode that the wall starts in. What was confirmed over the API holds over a restart, until somebody changes the configuration: then that is
    /// the newer word.
    /// </summary>
    /// <param name="confirmed">Confirmed last; null: nothing was.</param>
    /// <param name="configuredThen">The <see cref="Mark"/> of that time; null: not known, for an older version confirmed it.</param>
    public EnforcementMode Choose(EnforcementMode? confirmed, long? configuredThen) =>
        confirmed is { } mode && !IsForced && (configuredThen is { } then ? then == Mark : !IsExplicit) ? mode : Mode;
}
