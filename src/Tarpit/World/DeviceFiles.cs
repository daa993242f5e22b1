using System.Globalization;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.World;

/// <summary>/dev.</summary>
internal static class DeviceFiles
{
    private const int Terminals = 5;
    private const int Disks = 6;

    public static void AddTo(TreeBuilder tree)
    {
        Machine machine = tree.Machine;
        (string Name, int Major, int Minor, int Mode, int Group)[] devices =
        [
            ("null", 1, 3, 0x1B6, 0), ("zero", 1, 5, 0x1B6, 0), ("full", 1, 7, 0x1B6, 0), ("random", 1, 8, 0x1B6, 0), ("urandom", 1, 9, 0x1B6, 0), ("kmsg", 1, 11, 0x1A4, 4), ("mem", 1, 1, 0x1A0, 15), ("tty", 5, 0, 0x1B6, Terminals), ("console", 5, 1, 0x190, Terminals), ("ptmx", 5, 2, 0x1B6, Terminals),
            ("ttyS0", 4, 64, 0x190, Terminals), ("rtc0", 249, 0, 0x180, 0), ("fuse", 10, 229, 0x1B6, 0), ("kvm", 10, 232, 0x1B0, 993), ("net/tun", 10, 200, 0x1B6, 0), ("watchdog", 10, 130, 0x180, 0), ("hpet", 10, 228, 0x180, 0), ("pts/ptmx", 5, 2, 0, 0),
        ];
        foreach ((string name, int major, int minor, int mode, int group) in devices)
        {
            tree.Put("/dev/" + name, new DeviceNode(major, minor) { Mode = mode, Group = group, Modified = machine.BootTime });
        }

        for (int n = 0; n < 7; n++)
        {
            tree.Put(string.Create(CultureInfo.InvariantCulture, $"/dev/tty{n}"), new DeviceNode(4, n) { Mode = 0x190, Group = Terminals, Modified = machine.BootTime });
            tree.Put(string.Create(CultureInfo.InvariantCulture, $"/dev/loop{n}"), new DeviceNode(7, n) { IsBlock = true, Mode = 0x1B0, Group = Disks, Modified = machine.BootTime });
        }

        foreach ((string name, int minor) in new[] { ("vda", 0), ("vda1", 1), ("vda14", 14), ("vda15", 15) })
        {
            tree.Put("/dev/" + name, new DeviceNode(252, minor) { IsBlock = true, Mode = 0x1B0, Group = Disks, Modified = machine.BootTime });
        }

        tree.Put("/dev/vda16", new DeviceNode(259, 0) { IsBlock = true, Mode = 0x1B0, Group = Disks, Modified = machine.BootTime });
        tree.Folder("/dev/shm", 0x3FF);
        tree.Folder("/dev/mqueue", 0x3FF);
        tree.Link("/dev/stdin", "/proc/self/fd/0");
        tree.Link("/dev/stdout", "/proc/self/fd/1");
        tree.Link("/dev/stderr", "/proc/self/fd/2");
        // A folder and no link to /proc/self/fd: process substitutions lie in it.
        tree.Folder("/dev/fd", 0x1C0);
        tree.Link("/dev/core", "/proc/kcore");
        tree.Link("/dev/rtc", "rtc0");
        tree.Link("/dev/log", "/run/systemd/journal/dev-log");
        tree.Link("/dev/disk/by-uuid/" + machine.RootDisk, "../../vda1");
        tree.Link("/dev/disk/by-uuid/" + machine.BootDisk, "../../vda16");
        tree.Link("/dev/disk/by-uuid/" + machine.EfiDisk, "../../vda15");
        tree.Link("/dev/disk/by-label/cloudimg-rootfs", "../../vda1");
        tree.Link("/dev/disk/by-label/BOOT", "../../vda16");
        tree.Link("/dev/disk/by-label/UEFI", "../../vda15");
    }
}
