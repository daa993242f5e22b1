using Blackwall.Config;

namespace Blackwall.Guard;

/// <summary>[guard]: how long people who administer this machine stay guarded after they left.</summary>
public sealed class GuardMemoryOptions
{
    /// <summary>Days, 0..365; 0: only while they are connected.</summary>
    public int RememberDays { get; set; } = 42;

    /// <summary>Most addresses remembered; the one seen longest ago makes room.</summary>
    public int MaxPeers { get; set; } = 256;

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<GuardMemoryOptions>("guard", "The addresses that nothing automatic may block.", new GuardMemoryOptions())
            .Integer("remember_days", "Days for which people who administer this machine stay guarded after they left; 0: only while they are connected.", 0, 365, o => o.RememberDays, (o, v) => o.RememberDays = (int)v)
            .Integer("max_peers", "Addresses remembered; the one seen longest ago makes room.", 1, 4_096, o => o.MaxPeers, (o, v) => o.MaxPeers = (int)v)
            .LiveExcept(),
    ];
}
