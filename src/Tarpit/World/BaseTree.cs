using System.Collections.Immutable;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.World;

/// <summary>The file system of the machine as every visitor first finds it.</summary>
internal sealed partial class BaseTree
{
    private readonly Machine _machine;
    private readonly Dictionary<string, SortedDictionary<string, Node>> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Mode, int User, int Group)> _modes = new(StringComparer.Ordinal);

    private BaseTree(Machine machine) => _machine = machine;

    public static FolderNode Build(Machine machine, bool hasAgentBait = false)
    {
        BaseTree tree = new(machine);
        tree.AddFolders();
        tree.AddPrograms();
        tree.AddSettings();
        tree.AddKernel();
        tree.AddHomes();
        if (hasAgentBait)
        {
            tree.AddAgentBait();
        }

        return tree.Finish("/");
    }

    private DateTimeOffset When(string path) => _machine.SetUp.AddSeconds(_machine.Number("mtime" + path, 0, 86_400 * 3));

    private void Folder(string path, int mode = 0x1ED, int user = 0, int group = 0)
    {
        _modes[path] = (mode, user, group);
        string built = "";
        _folders.TryAdd("/", []);
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            built += "/" + part;
            _folders.TryAdd(built, new SortedDictionary<string, Node>(StringComparer.Ordinal));
        }
    }

    private void Put(string path, Node node)
    {
        int slash = path.LastIndexOf('/');
        string folder = slash == 0 ? "/" : path[..slash];
        if (!_folders.ContainsKey(folder))
        {
            Folder(folder);
        }

        _folders[folder][path[(slash + 1)..]] = node with { Modified = node.Modified == default ? When(path) : node.Modified };
    }

    private void Text(string path, string text, int mode = 0x1A4, int user = 0, int group = 0) => Put(path, new FileNode { Content = new StoredContent(text), Mode = mode, User = user, Group = group });

    private void Live(string path, Func<string> make, int mode = 0x124) => Put(path, new FileNode { Content = new GeneratedContent(make), Mode = mode, Modified = _machine.BootTime });

    private void Link(string path, string target) => Put(path, new LinkNode(target) { Mode = 0x1FF });

    private FolderNode Finish(string path)
    {
        ImmutableSortedDictionary<string, Node>.Builder entries = ImmutableSortedDictionary.CreateBuilder<string, Node>(StringComparer.Ordinal);
        string prefix = path is "/" ? "/" : path + "/";
        foreach ((string name, Node node) in _folders[path])
        {
            entries[name] = node;
        }

        foreach (string inner in _folders.Keys.Where(key => key.Length > prefix.Length && key.StartsWith(prefix, StringComparison.Ordinal) && key.IndexOf('/', prefix.Length) < 0))
        {
            entries[inner[prefix.Length..]] = Finish(inner);
        }

        (int mode, int user, int group) = _modes.GetValueOrDefault(path, (0x1ED, 0, 0));
        bool isLive = path.StartsWith("/proc", StringComparison.Ordinal) || path.StartsWith("/sys", StringComparison.Ordinal) || path.StartsWith("/run", StringComparison.Ordinal) || path is "/tmp" or "/dev";
        return new FolderNode { Entries = entries.ToImmutable(), Mode = mode, User = user, Group = group, Modified = isLive ? _machine.BootTime : When(path) };
    }

    private void AddAgentBait()
    {
        Text(AgentBait.CommandPath(_machine), AgentBait.Script(_machine), 0x1ED);
        foreach (string path in AgentBait.NotePaths(_machine))
        {
            Text(path, AgentBait.Note(_machine));
        }
    }

    private void AddFolders()
    {
        foreach (string path in new[]
        {
            "/boot", "/boot/efi", "/boot/grub", "/dev", "/dev/pts", "/dev/shm", "/etc", "/home", "/media", "/mnt", "/opt", "/proc", "/run", "/run/lock", "/run/user", "/run/sshd", "/snap", "/srv", "/sys",
            "/sys/class", "/sys/devices", "/usr/games", "/usr/include", "/usr/lib/x86_64-linux-gnu", "/usr/lib/systemd", "/usr/lib/python3", "/usr/lib64", "/usr/local/bin", "/usr/local/sbin",
            "/usr/local/lib", "/usr/share/doc", "/usr/share/man", "/usr/src", "/var/backups", "/var/cache/apt", "/var/crash", "/var/lib/apt", "/var/lib/dpkg", "/var/lib/mysql", "/var/local", "/var/log/apt",
            "/var/log/apache2", "/var/log/journal", "/var/opt", "/var/spool/cron", "/var/www/html", "/var/mail",
        })
        {
            Folder(path);
        }

        Folder("/root", 0x1C0);
        Folder("/lost+found", 0x1C0);
        Folder("/tmp", 0x3FF);
        Folder("/var/tmp", 0x3FF);
        Folder("/var/spool/cron/crontabs", 0x3D8, 0, 110);
        Link("/bin", "usr/bin");
        Link("/sbin", "usr/sbin");
        Link("/lib", "usr/lib");
        Link("/lib64", "usr/lib64");
        Link("/var/run", "/run");
        Link("/var/lock", "/run/lock");
        Link("/boot/vmlinuz", "vmlinuz-" + _machine.Kernel);
        Put("/boot/vmlinuz-" + _machine.Kernel, new FileNode { Content = new Binary("vmlinuz", 14_952_840), Mode = 0x180 });
        Put("/boot/initrd.img-" + _machine.Kernel, new FileNode { Content = new Binary("initrd", 28_311_744) });
        Text("/boot/config-" + _machine.Kernel, $"#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 {_machine.Kernel[..5]} Kernel Configuration\n#\nCONFIG_64BIT=y\nCONFIG_X86_64=y\nCONFIG_X86=y\n");
        (string Name, int Major, int Minor)[] devices = [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0), ("console", 5, 1), ("ptmx", 5, 2)];
        foreach ((string name, int major, int minor) in devices)
        {
            Put("/dev/" + name, new DeviceNode(major, minor) { Mode = 0x1B6, Modified = _machine.BootTime });
        }

        Link("/dev/stdin", "/proc/self/fd/0");
        Link("/dev/stdout", "/proc/self/fd/1");
        Link("/dev/fd", "/proc/self/fd");
    }

    private void AddPrograms()
    {
        string[] elsewhere = ["useradd", "adduser", "userdel", "usermod", "groupadd", "chpasswd", "iptables", "ufw", "service", "sysctl", "modprobe", "reboot", "shutdown", "ifconfig", "route", "arp"];
        foreach (string name in Catalogue.Programs.Keys.Concat(["test", "[", "true", "false", "echo", "printf", "pwd", "kill"]).Concat(Others))
        {
            bool isSystem = Array.IndexOf(elsewhere, name) >= 0 || Array.IndexOf(SystemOthers, name) >= 0;
            int size = 14_000 + (_machineIndependent(name) % 180 * 1024);
            Put((isSystem ? "/usr/sbin/" : "/usr/bin/") + name, new FileNode { Content = new Binary(name, size), Mode = name is "sudo" or "su" or "passwd" or "mount" ? 0x9ED : 0x1ED });
        }

        Link("/usr/bin/vi", "/etc/alternatives/vi");
        Link("/usr/bin/awk", "/etc/alternatives/awk");
        Link("/etc/alternatives/awk", "/usr/bin/mawk");
        Link("/usr/bin/sh", "dash");
        Link("/usr/bin/nc", "/etc/alternatives/nc");
        Link("/etc/alternatives/nc", "/usr/bin/ncat");
        Link("/usr/bin/python", "python3");
        static int _machineIndependent(string name) => name.Aggregate(17, (hash, c) => unchecked((hash * 31) + c) & 0xFFFFFF);
    }

    private static readonly string[] SystemOthers = ["sshd", "cron", "agetty", "fdisk", "mkfs.ext4", "fsck", "blkid", "visudo", "apache2ctl", "a2enmod", "update-grub", "ldconfig", "nologin", "rsyslogd", "swapon"];

    private static readonly string[] Others =
    [
        .. SystemOthers, "apt-cache", "apt-key", "bunzip2", "bzip2", "chroot", "cmp", "comm", "cpio", "curl-config", "diff", "dpkg-query", "expand", "factor", "flock", "git", "gpg", "gunzip", "gzip",
        "join", "killall5", "ldd", "logger", "look", "mcookie", "md5sum.textutils", "mesg", "mkfifo", "mysql", "mysqldump", "nano", "numfmt", "openssl", "paste", "patch", "php", "php8.3", "pinky",
        "pr", "ptx", "run-parts", "screen", "script", "sftp", "shred", "shuf", "split", "ssh-add", "ssh-agent", "ssh-copy-id", "ssh-keygen", "ssh-keyscan", "stdbuf", "strace", "sum", "tar",
        "tmux", "tree", "tsort", "unexpand", "unlink", "unzip", "vdir", "vim", "vim.basic", "vmstat", "wall", "watch", "xz", "zcat", "zgrep", "zip",
    ];
}
