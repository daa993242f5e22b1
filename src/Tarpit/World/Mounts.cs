using System.Globalization;

namespace Blackwall.Tarpit.World;

/// <summary>File systems that are mounted: what /proc/mounts, mount, df and findmnt tell.</summary>
internal static class Mounts
{
    public static IReadOnlyList<(string Device, string Place, string Type, string Options)> All(Machine machine)
    {
        string run = string.Create(CultureInfo.InvariantCulture, $"rw,nosuid,nodev,noexec,relatime,size={machine.MemoryKilobytes / 10}k,mode=755,inode64");
        return
        [
            ("sysfs", "/sys", "sysfs", "rw,nosuid,nodev,noexec,relatime"), ("proc", "/proc", "proc", "rw,nosuid,nodev,noexec,relatime"), ("udev", "/dev", "devtmpfs", string.Create(CultureInfo.InvariantCulture, $"rw,nosuid,relatime,size={machine.MemoryKilobytes / 2}k,mode=755,inode64")),
            ("devpts", "/dev/pts", "devpts", "rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000"), ("tmpfs", "/run", "tmpfs", run), ("/dev/vda1", "/", "ext4", "rw,relatime,discard,errors=remount-ro,commit=30"), ("securityfs", "/sys/kernel/security", "securityfs", "rw,nosuid,nodev,noexec,relatime"),
            ("tmpfs", "/dev/shm", "tmpfs", "rw,nosuid,nodev,inode64"), ("tmpfs", "/run/lock", "tmpfs", "rw,nosuid,nodev,noexec,relatime,size=5120k,inode64"), ("cgroup2", "/sys/fs/cgroup", "cgroup2", "rw,nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot"),
            ("hugetlbfs", "/dev/hugepages", "hugetlbfs", "rw,nosuid,nodev,relatime,pagesize=2M"), ("mqueue", "/dev/mqueue", "mqueue", "rw,nosuid,nodev,noexec,relatime"), ("debugfs", "/sys/kernel/debug", "debugfs", "rw,nosuid,nodev,noexec,relatime"),
            ("/dev/vda16", "/boot", "ext4", "rw,relatime"), ("/dev/vda15", "/boot/efi", "vfat", "rw,relatime,fmask=0077,dmask=0077,codepage=437,iocharset=iso8859-1,shortname=mixed,errors=remount-ro"),
        ];
    }

    /// <summary>Those of the machine, and what the visitor mounted.</summary>
    public static IReadOnlyList<(string Device, string Place, string Type, string Options)> All(State.MachineState state) =>
        [.. All(state.Machine), .. state.Kept.Below(Kept).Select(mount => mount.Value.Split('\t') is [var device, var type, var options] ? (device, mount.Key, type, options) : ("none", mount.Key, "tmpfs", "rw"))];

    /// <summary>What begins the name of a setting that keeps a mount.</summary>
    public const string Kept = "mount:";

    public static string Text(State.MachineState state) => Text(All(state));

    public static string Text(Machine machine) => Text(All(machine));

    private static string Text(IEnumerable<(string Device, string Place, string Type, string Options)> mounts) => string.Concat(mounts.Select(mount => $"{mount.Device} {mount.Place} {mount.Type} {mount.Options} 0 0\n"));
}
