namespace Blackwall.Tarpit.World.State;

/// <summary>What the machine runs. Each port that the tarpit serves under its own number is some service's here.</summary>
internal static class SystemServices
{
    public static IReadOnlyList<SystemService> All { get; } =
    [
        new("systemd-journald", "Journal Service", "/usr/lib/systemd/systemd-journald", "root", 31_200, []) { IsVital = true },
        new("multipathd", "Device-Mapper Multipath Device Controller", "/sbin/multipathd -d -s", "root", 27_100, []),
        new("systemd-udevd", "Rule-based Manager for Device Events and Files", "/usr/lib/systemd/systemd-udevd", "root", 7600, []) { IsVital = true },
        new("systemd-resolved", "Network Name Resolution", "/usr/lib/systemd/systemd-resolved", "systemd-resolve", 12_900, ["udp 127.0.0.54:53", "udp 127.0.0.53%lo:53", "tcp 127.0.0.54:53", "tcp 127.0.0.53%lo:53"]),
        new("systemd-timesyncd", "Network Time Synchronization", "/usr/lib/systemd/systemd-timesyncd", "systemd-timesync", 7700, []),
        new("systemd-networkd", "Network Configuration", "/usr/lib/systemd/systemd-networkd", "systemd-network", 9300, []) { IsVital = true },
        new("dbus", "D-Bus System Message Bus", "@dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only", "messagebus", 5200, []),
        new("networkd-dispatcher", "Dispatcher daemon for systemd-networkd", "/usr/bin/python3 /usr/bin/networkd-dispatcher --run-startup-triggers", "root", 20_500, []),
        new("polkit", "Authorization Manager", "/usr/lib/polkit-1/polkitd --no-debug", "polkitd", 9900, []),
        new("rsyslog", "System Logging Service", "/usr/sbin/rsyslogd -n -iNONE", "syslog", 6100, []),
        new("systemd-logind", "User Login Management", "/usr/lib/systemd/systemd-logind", "root", 8700, []) { IsVital = true },
        new("udisks2", "Disk Manager", "/usr/libexec/udisks2/udisksd", "root", 13_300, []),
        new("unattended-upgrades", "Unattended Upgrades Shutdown", "/usr/bin/python3 /usr/share/unattended-upgrades/unattended-upgrade-shutdown --wait-for-signal", "root", 23_100, []),
        new("cron", "Regular background program processing daemon", "/usr/sbin/cron -f -P", "root", 2700, []),
        new("getty@tty1", "Getty on tty1", "/sbin/agetty -o -p -- \\u --noclear - linux", "root", 1900, []),
        new("ssh", "OpenBSD Secure Shell server", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", "root", 7900, ["tcp 0.0.0.0:22", "tcp [::]:22"]) { IsVital = true },
        new("apache2", "The Apache HTTP Server", "/usr/sbin/apache2 -k start", "root", 24_800, ["tcp *:80", "tcp *:443"]) { Workers = ["/usr/sbin/apache2 -k start", "/usr/sbin/apache2 -k start", "/usr/sbin/apache2 -k start", "/usr/sbin/apache2 -k start", "/usr/sbin/apache2 -k start"], WorkerUser = "www-data" },
        new("mysql", "MySQL Community Server", "/usr/sbin/mysqld", "mysql", 412_000, ["tcp 0.0.0.0:3306", "tcp 127.0.0.1:33060"]),
        new("redis-server", "Advanced key-value store", "/usr/bin/redis-server 0.0.0.0:6379", "redis", 11_200, ["tcp 0.0.0.0:6379"]),
        new("named", "BIND Domain Name Server", "/usr/sbin/named -f -u bind", "bind", 48_300, ["udp 0.0.0.0:53", "tcp 0.0.0.0:53", "tcp 127.0.0.1:953"]),
        new("postfix@-", "Postfix Mail Transport Agent (instance -)", "/usr/lib/postfix/sbin/master -w", "root", 4900, ["tcp 0.0.0.0:25", "tcp 0.0.0.0:587"]) { Workers = ["pickup -l -t unix -u -c", "qmgr -l -t unix -u"], WorkerUser = "postfix" },
        new("vsftpd", "vsftpd FTP server", "/usr/sbin/vsftpd /etc/vsftpd.conf", "root", 3600, ["tcp *:21"]),
        new("inetutils-inetd", "Internet superserver", "/usr/sbin/inetutils-inetd", "root", 2300, ["tcp 0.0.0.0:23"]),
        new("smbd", "Samba SMB Daemon", "/usr/sbin/smbd --foreground --no-process-group", "root", 21_900, ["tcp 0.0.0.0:445", "tcp 0.0.0.0:139"]),
        new("xrdp", "xrdp daemon", "/usr/sbin/xrdp", "xrdp", 5400, ["tcp *:3389"]),
        new("panel", "Admin panel", "/usr/bin/python3 -m gunicorn --bind 0.0.0.0:8000 --bind 0.0.0.0:8080 --bind 0.0.0.0:8443 --bind 0.0.0.0:8888 panel.wsgi:application", "www-data", 38_200, ["tcp 0.0.0.0:8000", "tcp 0.0.0.0:8080", "tcp 0.0.0.0:8443", "tcp 0.0.0.0:8888"]),
    ];

    /// <summary>By the name that people use: "sshd" is "ssh".</summary>
    public static SystemService? Find(string name)
    {
        string bare = name.EndsWith(".service", StringComparison.Ordinal) ? name[..^8] : name;
        bare = bare switch { "sshd" => "ssh", "postfix" => "postfix@-", "bind9" => "named", "redis" => "redis-server", "samba" => "smbd", "syslog" => "rsyslog", "mysqld" => "mysql", "httpd" => "-", _ => bare };
        return All.FirstOrDefault(service => string.Equals(service.Name, bare, StringComparison.Ordinal));
    }
}
