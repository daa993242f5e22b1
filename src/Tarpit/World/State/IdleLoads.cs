using System.Collections.Frozen;

namespace Blackwall.Tarpit.World.State;

/// <summary>What services and threads of the kernel take of a processor while nobody asks anything of them, on a small server.</summary>
internal static class IdleLoads
{
    private const double OfServices = 0.0004;

    // Percent of one processor.
    private static readonly FrozenDictionary<string, double> s_loads = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["mysqld"] = 0.42,
        ["redis-server"] = 0.13,
        ["multipathd"] = 0.045,
        ["snapd"] = 0.012,
        ["named"] = 0.011,
        ["apache2"] = 0.004,
        ["systemd"] = 0.006,
        ["systemd-journal"] = 0.005,
        ["systemd-resolve"] = 0.003,
        ["systemd-network"] = 0.003,
        ["fail2ban-server"] = 0.03,
        ["rsyslogd"] = 0.004,
        ["smbd"] = 0.002,
        ["nmbd"] = 0.003,
        ["rcu_preempt"] = 0.016,
        ["rcu_sched"] = 0.016,
        ["ksoftirqd/0"] = 0.002,
        ["ksoftirqd/1"] = 0.002,
        ["khugepaged"] = 0.0008,
        ["kcompactd0"] = 0.002,
        ["jbd2/vda1-8"] = 0.003,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Percent of one processor, a little otherwise for each number; nothing for what a visitor runs.</summary>
    public static double Of(RunningProcess process) =>
        (s_loads.TryGetValue(process.ShortName, out double load) ? load : process.Service is not null ? OfServices : 0) * (1 + (process.Id % 7 * 0.05));
}
