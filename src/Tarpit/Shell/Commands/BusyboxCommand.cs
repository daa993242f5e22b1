namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>busybox: its applets are the commands of the machine, and no others.</summary>
internal static class BusyboxCommand
{
    private const int NoSuchApplet = 127;

    // Of Ubuntu's busybox-static 1.36.1.
    private static readonly string[] s_applets =
    [
        "[", "[[", "acpid", "adjtimex", "ar", "arch", "arp", "arping", "ascii", "ash", "awk", "base64", "basename", "bc", "blkdiscard", "blkid", "blockdev", "brctl", "bunzip2", "busybox", "bzcat", "bzip2", "cal", "cat", "chattr", "chgrp", "chmod", "chown", "chpasswd",
        "chroot", "chvt", "clear", "cmp", "cp", "cpio", "crc32", "crond", "crontab", "cttyhack", "cut", "date", "dc", "dd", "deallocvt", "depmod", "devmem", "df", "diff", "dirname", "dmesg", "dnsdomainname", "dos2unix", "dpkg", "dpkg-deb", "du", "dumpkmap", "dumpleases",
        "echo", "ed", "egrep", "env", "expand", "expr", "factor", "fallocate", "false", "fatattr", "fdisk", "fgrep", "find", "findfs", "fold", "free", "freeramdisk", "fsfreeze", "fstrim", "ftpget", "ftpput", "getfattr", "getopt", "getty", "grep", "groups", "gunzip", "gzip",
        "halt", "head", "hexdump", "hostid", "hostname", "httpd", "hwclock", "i2cdetect", "id", "ifconfig", "ifdown", "ifup", "init", "insmod", "ionice", "ip", "ipcalc", "ipneigh", "kill", "killall", "klogd", "last", "less", "link", "linux32", "linux64", "linuxrc", "ln",
        "loadfont", "loadkmap", "logger", "login", "logname", "logread", "losetup", "ls", "lsmod", "lsscsi", "lzcat", "lzma", "lzop", "md5sum", "mdev", "microcom", "mim", "mkdir", "mkdosfs", "mke2fs", "mkfifo", "mknod", "mkpasswd", "mkswap", "mktemp", "modinfo", "modprobe",
        "more", "mount", "mt", "mv", "nameif", "nbd-client", "nc", "netstat", "nl", "nologin", "nproc", "nslookup", "nuke", "od", "openvt", "partprobe", "passwd", "paste", "patch", "pidof", "ping", "ping6", "pivot_root", "poweroff", "printf", "ps", "pwd", "rdate", "readlink",
        "realpath", "reboot", "renice", "reset", "resume", "rev", "rm", "rmdir", "rmmod", "route", "rpm", "rpm2cpio", "run-init", "run-parts", "sed", "seq", "setkeycodes", "setpriv", "setsid", "sh", "sha1sum", "sha256sum", "sha3sum", "sha512sum", "shred", "shuf", "sleep",
        "sort", "ssl_client", "start-stop-daemon", "stat", "strings", "stty", "su", "sulogin", "svc", "svok", "swapoff", "swapon", "switch_root", "sync", "sysctl", "syslogd", "tac", "tail", "tar", "taskset", "tc", "tee", "telnet", "test", "tftp", "time", "timeout", "top",
        "touch", "tr", "traceroute", "traceroute6", "true", "truncate", "ts", "tty", "tunctl", "ubirename", "udhcpc", "udhcpd", "uevent", "umount", "uname", "uncompress", "unexpand", "uniq", "unix2dos", "unlink", "unlzma", "unshare", "unxz", "unzip", "uptime", "usleep",
        "uudecode", "uuencode", "vconfig", "vi", "w", "watch", "watchdog", "wc", "wget", "which", "who", "whoami", "xargs", "xxd", "xz", "xzcat", "yes", "zcat",
    ];

    // Applets that do nothing without a word behind them.
    private static readonly Dictionary<string, string> s_usages = new(StringComparer.Ordinal)
    {
        ["wget"] = "[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[-P DIR] [-U AGENT] [-T SEC] URL...",
        ["tftp"] = "[OPTIONS] HOST [PORT]",
        ["ftpget"] = "[OPTIONS] HOST [LOCAL_FILE] REMOTE_FILE",
        ["ftpput"] = "[OPTIONS] HOST [REMOTE_FILE] LOCAL_FILE",
    };

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal) { ["busybox"] = RunAsync };

    private static async ValueTask<int> RunAsync(Invocation i)
    {
        if (i.Arguments.Count == 0 || i.Arguments[0] is "--help")
        {
            return await SystemCommands.PrintAsync(i, $"BusyBox v1.36.1 (Ubuntu 1:1.36.1-6ubuntu3.1) multi-call binary.\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: busybox --show SCRIPT\n   or: busybox --install [-s] [DIR]\n   or: function [arguments]...\n\n\tBusyBox is a multi-call binary that combines many common Unix\n\tutilities into a single executable.  Most people will create a\n\tlink to busybox for each function they wish to use and BusyBox\n\twill act like whatever it was invoked as.\n\nCurrently defined functions:\n{Columns()}");
        }

        string name = i.Arguments[0];
        if (name is "--list" or "--list-full")
        {
            return await SystemCommands.PrintAsync(i, string.Concat(s_applets.Select(applet => (name is "--list-full" ? "bin/" : "") + applet + "\n")));
        }

        if (name is "--install")
        {
            return 0;
        }

        if (Array.IndexOf(s_applets, name) < 0)
        {
            await i.Streams.Error.WriteAsync($"{name}: applet not found\n", i.Cancellation);
            return NoSuchApplet;
        }

        string command = name switch { "ash" => "sh", "[[" => "[", _ => name };
        if ((!Catalogue.Programs.TryGetValue(command, out CommandBody? body) && !Catalogue.Builtins.TryGetValue(command, out body)) || (i.Arguments.Count == 1 && s_usages.ContainsKey(name)))
        {
            await i.Streams.Error.WriteAsync(i.Arguments.Count > 1 ? "" : Usage(name), i.Cancellation);
            return 1;
        }

        if (i.Arguments is [_, "--help", ..] && name is not ("echo" or "test" or "[" or "true" or "false" or "sh" or "ash"))
        {
            await i.Streams.Error.WriteAsync(Usage(name), i.Cancellation);
            return 0;
        }

        // An applet needs no program of its name.
        Invocation call = i with { Name = command, Arguments = [.. i.Arguments.Skip(1)] };
        return name is "wget" ? await Connections.BusyboxWget.RunAsync(call) : await body(command is "sh" ? call : call with { Streams = i.Streams with { Error = new BusyboxErrors(i.Streams.Error, name) } });
    }

    /// <summary>What an applet says of how it is used.</summary>
    public static string Usage(string applet) => $"BusyBox v1.36.1 (Ubuntu 1:1.36.1-6ubuntu3.1) multi-call binary.\n\nUsage: {applet} {s_usages.GetValueOrDefault(applet, "[OPTIONS]")}\n";

    private static string Columns()
    {
        System.Text.StringBuilder text = new("\t");
        int width = 0;
        foreach (string applet in s_applets)
        {
            if (width + applet.Length > 62)
            {
                text.Append("\n\t");
                width = 0;
            }

            text.Append(applet).Append(", ");
            width += applet.Length + 2;
        }

        return text.ToString()[..^2] + "\n";
    }
}
