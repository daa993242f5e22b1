namespace Blackwall.Tarpit.World;

/// <summary>Accounts of the machine as it was set up, in the order of /etc/passwd.</summary>
internal static class WorldUsers
{
    private const string NoLogin = "/usr/sbin/nologin";

    public static IReadOnlyList<(string Name, int Id, int Group, string Text, string Home, string Shell)> All(Machine machine) =>
    [
        ("root", 0, 0, "root", "/root", "/bin/bash"), ("daemon", 1, 1, "daemon", "/usr/sbin", NoLogin), ("bin", 2, 2, "bin", "/bin", NoLogin), ("sys", 3, 3, "sys", "/dev", NoLogin), ("sync", 4, 65534, "sync", "/bin", "/bin/sync"),
        ("games", 5, 60, "games", "/usr/games", NoLogin), ("man", 6, 12, "man", "/var/cache/man", NoLogin), ("lp", 7, 7, "lp", "/var/spool/lpd", NoLogin), ("mail", 8, 8, "mail", "/var/mail", NoLogin), ("news", 9, 9, "news", "/var/spool/news", NoLogin),
        ("uucp", 10, 10, "uucp", "/var/spool/uucp", NoLogin), ("proxy", 13, 13, "proxy", "/bin", NoLogin), ("www-data", 33, 33, "www-data", "/var/www", NoLogin), ("backup", 34, 34, "backup", "/var/backups", NoLogin),
        ("list", 38, 38, "Mailing List Manager", "/var/list", NoLogin), ("irc", 39, 39, "ircd", "/run/ircd", NoLogin), ("_apt", 42, 65534, "", "/nonexistent", NoLogin), ("nobody", 65534, 65534, "nobody", "/nonexistent", NoLogin),
        ("systemd-network", 998, 998, "systemd Network Management", "/", NoLogin), ("systemd-timesync", 996, 996, "systemd Time Synchronization", "/", NoLogin), ("dhcpcd", 100, 65534, "DHCP Client Daemon,,,", "/usr/lib/dhcpcd", "/bin/false"),
        ("messagebus", 101, 101, "", "/nonexistent", NoLogin), ("syslog", 102, 102, "", "/nonexistent", NoLogin), ("systemd-resolve", 991, 991, "systemd Resolver", "/", NoLogin), ("uuidd", 103, 103, "", "/run/uuidd", NoLogin),
        ("sshd", 105, 65534, "", "/run/sshd", NoLogin), ("polkitd", 990, 990, "User for polkitd", "/", NoLogin), ("landscape", 106, 112, "", "/var/lib/landscape", NoLogin), ("mysql", 107, 111, "MySQL Server,,,", "/nonexistent", "/bin/false"),
        ("redis", 108, 113, "", "/var/lib/redis", NoLogin), ("bind", 109, 114, "", "/var/cache/bind", NoLogin), ("postfix", 110, 115, "", "/var/spool/postfix", NoLogin), ("ftp", 111, 117, "ftp daemon,,,", "/srv/ftp", NoLogin), ("xrdp", 112, 118, "", "/run/xrdp", NoLogin),
        ("ubuntu", 1000, 1000, "Ubuntu", "/home/ubuntu", "/bin/bash"), (machine.Administrator, 1001, 1001, "", "/home/" + machine.Administrator, "/bin/bash"), (machine.Deployer, 1002, 1002, "", "/home/" + machine.Deployer, "/bin/bash"),
    ];

    public static IReadOnlyList<(string Name, int Id, string Members)> Groups(Machine machine)
    {
        string people = "ubuntu," + machine.Administrator;
        return
        [
            ("root", 0, ""), ("daemon", 1, ""), ("bin", 2, ""), ("sys", 3, ""), ("adm", 4, "syslog," + people), ("tty", 5, ""), ("disk", 6, ""), ("lp", 7, ""), ("mail", 8, ""), ("news", 9, ""), ("uucp", 10, ""), ("man", 12, ""), ("proxy", 13, ""),
            ("kmem", 15, ""), ("dialout", 20, ""), ("fax", 21, ""), ("voice", 22, ""), ("cdrom", 24, people), ("floppy", 25, ""), ("tape", 26, ""), ("sudo", 27, people), ("audio", 29, ""), ("dip", 30, people), ("www-data", 33, machine.Deployer), ("backup", 34, ""),
            ("operator", 37, ""), ("list", 38, ""), ("irc", 39, ""), ("src", 40, ""), ("shadow", 42, ""), ("utmp", 43, ""), ("video", 44, ""), ("sasl", 45, ""), ("plugdev", 46, ""), ("staff", 50, ""), ("games", 60, ""), ("users", 100, ""), ("nogroup", 65534, ""),
            ("systemd-journal", 999, ""), ("systemd-network", 998, ""), ("systemd-timesync", 996, ""), ("input", 995, ""), ("sgx", 994, ""), ("kvm", 993, ""), ("render", 992, ""), ("messagebus", 101, ""), ("syslog", 102, ""), ("systemd-resolve", 991, ""),
            ("uuidd", 103, ""), ("lxd", 105, people), ("_ssh", 106, ""), ("polkitd", 990, ""), ("crontab", 110, ""), ("mysql", 111, ""), ("landscape", 112, ""), ("redis", 113, ""), ("bind", 114, ""), ("postfix", 115, ""), ("postdrop", 116, ""), ("ftp", 117, ""),
            ("xrdp", 118, ""), ("ssl-cert", 119, "xrdp"), ("ubuntu", 1000, ""), (machine.Administrator, 1001, ""), (machine.Deployer, 1002, ""),
        ];
    }
}
