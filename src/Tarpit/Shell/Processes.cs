using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Shell;

/// <summary>What runs on the machine, as ps, top and /proc know it.</summary>
internal static class Processes
{
    private static readonly (int Id, string User, string Command, int Memory)[] Services =
    [
        (1, "root", "/sbin/init", 13_400), (2, "root", "[kthreadd]", 0), (3, "root", "[pool_workqueue_release]", 0), (4, "root", "[kworker/R-rcu_g]", 0),
        (15, "root", "[rcu_preempt]", 0), (16, "root", "[migration/0]", 0), (22, "root", "[kdevtmpfs]", 0), (34, "root", "[kswapd0]", 0), (98, "root", "[jbd2/vda1-8]", 0),
        (134, "root", "/usr/lib/systemd/systemd-journald", 31_200), (176, "root", "/sbin/multipathd -d -s", 27_100), (182, "root", "/usr/lib/systemd/systemd-udevd", 7600),
        (318, "systemd+", "/usr/lib/systemd/systemd-resolved", 12_900), (325, "systemd+", "/usr/lib/systemd/systemd-timesyncd", 7700), (417, "systemd+", "/usr/lib/systemd/systemd-networkd", 9300),
        (520, "message+", "@dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only", 5200), (531, "root", "/usr/bin/python3 /usr/bin/networkd-dispatcher --run-startup-triggers", 20_500),
        (535, "syslog", "/usr/sbin/rsyslogd -n -iNONE", 6100), (541, "root", "/usr/lib/systemd/systemd-logind", 8700), (598, "root", "/usr/sbin/cron -f -P", 2700),
        (622, "root", "/sbin/agetty -o -p -- \\u --noclear - linux", 1900), (640, "root", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", 7900),
        (701, "root", "/usr/sbin/apache2 -k start", 24_800), (704, "www-data", "/usr/sbin/apache2 -k start", 12_600), (705, "www-data", "/usr/sbin/apache2 -k start", 12_600), (812, "mysql", "/usr/sbin/mysqld", 412_000),
    ];

    /// <summary>With the visitor's own session.</summary>
    /// <param name="hasTerminal">Not: it was begun for one command alone.</param>
    public static IReadOnlyList<(int Id, int Parent, string User, string Terminal, DateTimeOffset Started, string Command, int Memory)> List(Visit visit, bool hasTerminal = true)
    {
        Machine machine = visit.Machine;
        List<(int, int, string, string, DateTimeOffset, string, int)> all =
        [
            .. Services.Select(s => (s.Id, s.Id < 3 ? 0 : s.Command.StartsWith('[') ? 2 : s.Id is 704 or 705 ? 701 : 1, s.User, "?", machine.BootTime.AddSeconds(s.Id / 60.0), s.Command, s.Memory)),
            (visit.ShellProcess - 2, 640, "root", "?", visit.Began, $"sshd: {visit.UserName} [priv]", 10_900),
            (visit.ShellProcess - 1, visit.ShellProcess - 2, visit.UserName, "?", visit.Began, $"sshd: {visit.UserName}@{(hasTerminal ? "pts/0" : "notty")}", 6800),
            (visit.ShellProcess, visit.ShellProcess - 1, visit.UserName, hasTerminal ? "pts/0" : "?", visit.Began, hasTerminal ? "-bash" : "bash", 5100),
        ];
        return all;
    }
}
