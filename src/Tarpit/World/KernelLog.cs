namespace Blackwall.Tarpit.World;

/// <summary>What the kernel said when the machine started.</summary>
internal static class KernelLog
{
    /// <summary>Seconds since the start, and the text.</summary>
    public static IEnumerable<(double Seconds, string Text)> Lines(Machine machine)
    {
        long pages = machine.MemoryKilobytes;
        double mhz = double.Parse(machine.Processor.Mhz, System.Globalization.CultureInfo.InvariantCulture);
        (double, string)[] lines =
        [
            (0, $"Linux version {machine.Kernel} (buildd@lcy02-amd64-075) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0, GNU ld (GNU Binutils for Ubuntu) 2.42) {machine.KernelBuild} (Ubuntu {machine.Kernel} 6.8.12)"),
            (0, $"Command line: BOOT_IMAGE=/vmlinuz-{machine.Kernel} root=UUID={machine.RootDisk} ro console=tty1 console=ttyS0"),
            (0, "KERNEL supported cpus:"),
            (0, "  Intel GenuineIntel"),
            (0, "  AMD AuthenticAMD"),
            (0, "BIOS-provided physical RAM map:"),
            (0, "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable"),
            (0, "NX (Execute Disable) protection: active"),
            (0, "SMBIOS 2.8 present."),
            (0, "DMI: QEMU Standard PC (i440FX + PIIX, 1996), BIOS rel-1.16.3-0-ga6ed6b701f0a-prebuilt.qemu.org 04/01/2014"),
            (0, "Hypervisor detected: KVM"),
            (0.000002, "kvm-clock: Using msrs 4b564d01 and 4b564d00"),
            (0.000004, $"tsc: Detected {mhz:0.000} MHz processor"),
            (0.019102, $"Memory: {pages - 184_032}K/{pages + 61_440}K available (22528K kernel code, 4426K rwdata, 14344K rodata, 4976K init, 4732K bss, 245472K reserved, 0K cma-reserved)"),
            (0.141202, $"smpboot: CPU0: {machine.Processor.Model} (family: 0x{machine.Processor.Family:x}, model: 0x{machine.Processor.Number:x}, stepping: 0x{machine.Processor.Stepping:x})"),
            (0.161033, $"smp: Brought up 1 node, {machine.ProcessorCount} CPU{(machine.ProcessorCount == 1 ? "" : "s")}"),
            (0.402118, "PCI: Using configuration type 1 for base access"),
            (0.811520, "NET: Registered PF_INET protocol family"),
            (1.102844, $"virtio_blk virtio1: [vda] {machine.DiskSectors} 512-byte logical blocks"),
            (1.110391, " vda: vda1 vda14 vda15 vda16"),
            (2.114090, $"EXT4-fs (vda1): mounted filesystem {machine.RootDisk} ro with ordered data mode. Quota mode: none."),
            (3.402917, "systemd[1]: Detected virtualization kvm."),
            (3.402931, "systemd[1]: Detected architecture x86-64."),
            (3.419201, $"systemd[1]: Hostname set to <{machine.HostName}>."),
            (4.991822, $"EXT4-fs (vda1): re-mounted {machine.RootDisk} r/w. Quota mode: none."),
            (6.201733, $"EXT4-fs (vda16): mounted filesystem {machine.BootDisk} r/w with ordered data mode. Quota mode: none."),
            (9.120944, "audit: type=1400 audit(1): apparmor=\"STATUS\" operation=\"profile_load\" profile=\"unconfined\" name=\"/usr/sbin/mysqld\""),
        ];
        return lines;
    }
}
