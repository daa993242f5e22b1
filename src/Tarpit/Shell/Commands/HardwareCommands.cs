using System.Globalization;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>What the machine is made of, and the kernel's modules.</summary>
internal static class HardwareCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["lspci"] = i => SystemCommands.PrintAsync(i, "00:00.0 Host bridge: Intel Corporation 440FX - 82441FX PMC [Natoma] (rev 02)\n00:01.0 ISA bridge: Intel Corporation 82371SB PIIX3 ISA [Natoma/Triton II]\n00:01.1 IDE interface: Intel Corporation 82371SB PIIX3 IDE [Natoma/Triton II]\n00:01.2 USB controller: Intel Corporation 82371SB PIIX3 USB [Natoma/Triton II] (rev 01)\n00:01.3 Bridge: Intel Corporation 82371AB/EB/MB PIIX4 ACPI (rev 03)\n00:02.0 VGA compatible controller: Red Hat, Inc. Virtio 1.0 GPU (rev 01)\n00:03.0 Ethernet controller: Red Hat, Inc. Virtio network device\n00:04.0 SCSI storage controller: Red Hat, Inc. Virtio block device\n00:05.0 Unclassified device [00ff]: Red Hat, Inc. Virtio memory balloon\n"),
        ["lsusb"] = i => SystemCommands.PrintAsync(i, "Bus 001 Device 001: ID 1d6b:0001 Linux Foundation 1.1 root hub\nBus 001 Device 002: ID 0627:0001 Adomax Technology Co., Ltd QEMU Tablet\n"),
        ["dmidecode"] = i => i.State.Visit.UserId != 0 ? RefuseAsync(i, "/sys/firmware/dmi/tables/smbios_entry_point: Permission denied\n/dev/mem: Permission denied\n") : SystemCommands.PrintAsync(i, i.Has('s') ? (i.Operands.LastOrDefault("") switch { "system-manufacturer" => "QEMU\n", "system-product-name" => "Standard PC (i440FX + PIIX, 1996)\n", "bios-vendor" => "SeaBIOS\n", "system-uuid" => new Guid(i.Machine.Bytes("product", 16)) + "\n", _ => "Not Specified\n" }) : $"# dmidecode 3.5\nGetting SMBIOS data from sysfs.\nSMBIOS 2.8 present.\n10 structures occupying 484 bytes.\nTable at 0x000F5AB0.\n\nHandle 0x0000, DMI type 0, 24 bytes\nBIOS Information\n\tVendor: SeaBIOS\n\tVersion: rel-1.16.3-0-ga6ed6b701f0a-prebuilt.qemu.org\n\tRelease Date: 04/01/2014\n\nHandle 0x0100, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: QEMU\n\tProduct Name: Standard PC (i440FX + PIIX, 1996)\n\tSerial Number: Not Specified\n\tUUID: {new Guid(i.Machine.Bytes("product", 16))}\n"),
        ["lshw"] = i => SystemCommands.PrintAsync(i, $"{i.State.Visit.Memory.HostName}\n    description: Computer\n    product: Standard PC (i440FX + PIIX, 1996)\n    vendor: QEMU\n    width: 64 bits\n  *-core\n       description: Motherboard\n     *-memory\n          size: {(i.Machine.MemoryKilobytes + 1_048_575) / 1_048_576}GiB\n     *-cpu\n          product: {i.Machine.Processor.Model}\n          width: 64 bits\n     *-network\n          description: Ethernet interface\n          logical name: eth0\n          serial: {i.Machine.HardwareAddress}\n"),
        ["modprobe"] = ModuleAsync,
        ["insmod"] = ModuleAsync,
        ["rmmod"] = ModuleAsync,
        ["modinfo"] = ModuleInfoAsync,
        ["depmod"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("Permission denied"),
        ["hdparm"] = i => i.State.Visit.UserId != 0 ? RefuseAsync(i, "/dev/vda: Permission denied\n") : SystemCommands.PrintAsync(i, "\n/dev/vda:\n HDIO_DRIVE_CMD(identify) failed: Inappropriate ioctl for device\n readonly      =  0 (off)\n readahead     = 256 (on)\n"),
        ["smartctl"] = i => SystemCommands.PrintAsync(i, "smartctl 7.4 2023-08-01 r5530 [x86_64-linux-6.8.0] (local build)\n/dev/vda: Unable to detect device type\n", 1),
        ["hwclock"] = i => i.State.Visit.UserId != 0 ? RefuseAsync(i, "hwclock: Cannot access the Hardware Clock via any known method.\n") : SystemCommands.PrintAsync(i, i.Machine.Now.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00:00\n"),
        ["lsmem"] = i => SystemCommands.PrintAsync(i, $"Memory block size:       128M\nTotal online memory:     {(i.Machine.MemoryKilobytes + 1_048_575) / 1_048_576}G\nTotal offline memory:      0B\n"),
        ["lsirq"] = i => SystemCommands.PrintAsync(i, "IRQ    TOTAL NAME\n 24   918822 virtio0-input.0\n"),
        ["lsns"] = i => SystemCommands.PrintAsync(i, "        NS TYPE   NPROCS   PID USER COMMAND\n4026531834 time      112     1 root /sbin/init\n4026531835 cgroup    112     1 root /sbin/init\n4026531836 pid       112     1 root /sbin/init\n4026531837 user      112     1 root /sbin/init\n"),
        ["numactl"] = i => SystemCommands.PrintAsync(i, $"available: 1 nodes (0)\nnode 0 cpus: {string.Join(' ', Enumerable.Range(0, i.Machine.ProcessorCount))}\nnode 0 size: {i.Machine.MemoryKilobytes / 1024} MB\nnode 0 free: {MemoryUse.Free(i.Machine) / 1024} MB\n"),
        ["nvidia-smi"] = i => SystemCommands.PrintAsync(i, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n", 9),
        ["virt-what"] = i => SystemCommands.PrintAsync(i, "kvm\n"),
        ["setterm"] = i => new(0),
        ["loadkeys"] = i => new(0),
        ["setfont"] = i => new(0),
    };

    private static async ValueTask<int> RefuseAsync(Invocation i, string text)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return 1;
    }

    private static async ValueTask<int> ModuleAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault("");
        bool isLoaded = KernelFiles.Modules.Any(module => string.Equals(module.Name, name.Replace('-', '_'), StringComparison.Ordinal));
        if (i.State.Visit.UserId != 0)
        {
            return await i.FailAsync(i.Name is "modprobe" ? $"ERROR: could not insert '{name}': Operation not permitted" : $"ERROR: could not {(i.Name is "rmmod" ? "remove" : "insert")} module {name}: Operation not permitted");
        }

        return i.Name switch
        {
            "insmod" => await i.FailAsync(i.Files.Find(i.State.Path(name)) is null ? $"ERROR: could not load module {name}: No such file or directory" : $"ERROR: could not insert module {name}: Key was rejected by service"),
            "rmmod" => isLoaded ? await i.FailAsync($"ERROR: Module {name} is in use") : await i.FailAsync($"ERROR: Module {name} is not currently loaded"),
            _ when isLoaded || Path(i, name) is not null || name.Length == 0 => 0,
            _ => await i.FailAsync($"FATAL: Module {name} not found in directory /lib/modules/{i.Machine.Kernel}"),
        };
    }

    private static string? Path(Invocation i, string name)
    {
        string root = "/usr/lib/modules/" + i.Machine.Kernel, file = name.Replace('_', '-') + ".ko.zst", other = name.Replace('-', '_') + ".ko.zst";
        return i.Machine.Packages.Find("linux-modules-" + i.Machine.Kernel)?.Parts.Where(part => part.Folder.StartsWith(root, StringComparison.Ordinal))
            .SelectMany(part => i.Machine.Packages.Files(part).Where(entry => string.Equals(entry.Name, file, StringComparison.Ordinal) || string.Equals(entry.Name, other, StringComparison.Ordinal)).Select(entry => $"{part.Folder}/{entry.Name}")).FirstOrDefault();
    }

    private static async ValueTask<int> ModuleInfoAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault("");
        return Path(i, name) is { } path ? await SystemCommands.PrintAsync(i, $"filename:       {path.Replace("/usr/lib", "/lib", StringComparison.Ordinal)}\nlicense:        GPL\ndescription:    {name}\nsrcversion:     {Convert.ToHexString(i.Machine.Bytes("src" + name, 12))}\ndepends:        \nretpoline:      Y\nintree:         Y\nname:           {name}\nvermagic:       {i.Machine.Kernel} SMP preempt mod_unload modversions \n")
            : await i.FailAsync($"ERROR: Module {name} not found.");
    }
}
