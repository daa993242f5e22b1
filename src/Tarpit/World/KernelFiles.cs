using System.Globalization;

namespace Blackwall.Tarpit.World;

/// <summary>/proc without its processes, and /sys.</summary>
internal static class KernelFiles
{
    private const string Flags = "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx pdpe1gb rdtscp lm constant_tsc rep_good nopl cpuid pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand hypervisor lahf_lm abm avx2";

    /// <summary>Names of the kernel's modules, sizes and who uses them.</summary>
    public static IReadOnlyList<(string Name, int Size, string Users)> Modules { get; } =
    [
        ("tls", 155_648, "0 -"), ("nft_compat", 20_480, "4 -"), ("nf_tables", 372_736, "57 nft_compat,"), ("qrtr", 53_248, "2 -"), ("cfg80211", 1_343_488, "0 -"), ("binfmt_misc", 24_576, "1 -"), ("nls_iso8859_1", 12_288, "1 -"), ("kvm_intel", 487_424, "0 -"),
        ("kvm", 1_409_024, "1 kvm_intel,"), ("irqbypass", 12_288, "1 kvm,"), ("input_leds", 12_288, "0 -"), ("joydev", 32_768, "0 -"), ("serio_raw", 20_480, "0 -"), ("dm_multipath", 45_056, "0 -"), ("efi_pstore", 12_288, "0 -"), ("nfnetlink", 20_480, "3 nft_compat,nf_tables,"),
        ("ip_tables", 32_768, "0 -"), ("x_tables", 65_536, "2 nft_compat,ip_tables,"), ("autofs4", 57_344, "2 -"), ("btrfs", 2_015_232, "0 -"), ("raid6_pq", 126_976, "1 btrfs,"), ("virtio_rng", 12_288, "0 -"), ("virtio_net", 86_016, "0 -"), ("psmouse", 217_088, "0 -"), ("floppy", 126_976, "0 -"),
    ];

    public static void AddTo(TreeBuilder tree)
    {
        Machine m = tree.Machine;
        tree.Live("/proc/version", () => $"Linux version {m.Kernel} (buildd@lcy02-amd64-075) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0, GNU ld (GNU Binutils for Ubuntu) 2.42) {m.KernelBuild}\n");
        tree.Live("/proc/version_signature", () => $"Ubuntu {m.Kernel.Replace("-generic", "", StringComparison.Ordinal)}.{m.Kernel.Split('-')[1]}-generic 6.8.12\n");
        tree.Live("/proc/uptime", () => string.Create(CultureInfo.InvariantCulture, $"{m.Uptime.TotalSeconds:0.00} {m.Uptime.TotalSeconds * m.ProcessorCount * 0.97:0.00}\n"));
        tree.Live("/proc/cpuinfo", () => Processors(m));
        tree.Live("/proc/meminfo", () => Memory(m));
        tree.Live("/proc/mounts", () => Mounts.Text(m));
        tree.Live("/proc/cmdline", () => $"BOOT_IMAGE=/vmlinuz-{m.Kernel} root=UUID={m.RootDisk} ro console=tty1 console=ttyS0\n");
        tree.Live("/proc/stat", () => Times(m));
        tree.Live("/proc/filesystems", () => "nodev\tsysfs\nnodev\ttmpfs\nnodev\tbdev\nnodev\tproc\nnodev\tcgroup\nnodev\tcgroup2\nnodev\tcpuset\nnodev\tdevtmpfs\nnodev\tconfigfs\nnodev\tdebugfs\nnodev\ttracefs\nnodev\tsecurityfs\nnodev\tsockfs\nnodev\tbpf\nnodev\tpipefs\nnodev\tramfs\nnodev\thugetlbfs\nnodev\tdevpts\n\text3\n\text2\n\text4\n\tsquashfs\n\tvfat\nnodev\tecryptfs\n\tfuseblk\nnodev\tfuse\nnodev\tmqueue\nnodev\tautofs\nnodev\toverlay\n\tbtrfs\n");
        tree.Live("/proc/modules", () => string.Concat(Modules.Select((module, n) => $"{module.Name} {module.Size} {module.Users} Live 0x{0:x16}\n")));
        tree.Live("/proc/partitions", () => string.Create(CultureInfo.InvariantCulture, $"major minor  #blocks  name\n\n 252        0   {m.DiskSectors / 2} vda\n 252        1   {m.DiskSectors / 2 - 1_048_576} vda1\n 252       14       4096 vda14\n 252       15     108544 vda15\n 259        0     934912 vda16\n"));
        tree.Live("/proc/diskstats", () => string.Create(CultureInfo.InvariantCulture, $" 252       0 vda {18_000 + (long)m.Uptime.TotalMinutes} 4012 1402118 9822 {40_000 + (long)m.Uptime.TotalMinutes * 12} 38110 9120418 80122 0 91200 90122 0 0 0 0 0 0\n"));
        tree.Live("/proc/swaps", () => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        tree.Live("/proc/devices", () => "Character devices:\n  1 mem\n  4 tty\n  5 /dev/tty\n 10 misc\n136 pts\n\nBlock devices:\n  7 loop\n252 virtblk\n259 blkext\n");
        tree.Live("/proc/interrupts", () => $"           {string.Join("       ", Enumerable.Range(0, m.ProcessorCount).Select(n => $"CPU{n}"))}\n  1:          9   IO-APIC   1-edge      i8042\n 24:     918822   PCI-MSI-0000:00:03.0   1-edge      virtio0-input.0\n");
        tree.Live("/proc/kallsyms", () => "0000000000000000 A fixed_percpu_data\n0000000000000000 A __per_cpu_start\n0000000000000000 T startup_64\n0000000000000000 T _text\n");
        (string Path, Func<string> Make)[] settings =
        [
            ("kernel/osrelease", () => m.Kernel), ("kernel/ostype", () => "Linux"), ("kernel/version", () => m.KernelBuild), ("kernel/random/boot_id", () => m.BootId), ("kernel/random/uuid", () => Guid.NewGuid().ToString()), ("kernel/pid_max", () => "4194304"),
            ("kernel/threads-max", () => $"{m.MemoryKilobytes / 64}"), ("kernel/domainname", () => "(none)"), ("kernel/randomize_va_space", () => "2"), ("kernel/yama/ptrace_scope", () => "1"), ("kernel/unprivileged_bpf_disabled", () => "2"), ("kernel/perf_event_paranoid", () => "4"),
            ("kernel/core_pattern", () => "|/usr/share/apport/apport -p%p -s%s -c%c -d%d -P%P -u%u -g%g -F%F -- %E"), ("kernel/kptr_restrict", () => "1"), ("kernel/dmesg_restrict", () => "1"), ("kernel/unprivileged_userns_clone", () => "1"), ("kernel/apparmor_restrict_unprivileged_userns", () => "1"), ("kernel/tainted", () => "0"),
            ("net/ipv4/ip_forward", () => "0"), ("net/ipv4/tcp_syncookies", () => "1"), ("net/ipv4/ip_local_port_range", () => "32768\t60999"), ("net/ipv4/conf/all/forwarding", () => "0"), ("net/ipv6/conf/all/disable_ipv6", () => "0"), ("net/core/somaxconn", () => "4096"), ("net/core/rmem_max", () => "212992"),
            ("fs/file-max", () => "9223372036854775807"), ("fs/file-nr", () => "1504\t0\t9223372036854775807"), ("fs/inotify/max_user_watches", () => "65536"), ("vm/swappiness", () => "60"), ("vm/overcommit_memory", () => "0"), ("vm/nr_hugepages", () => "0"), ("vm/max_map_count", () => "1048576"), ("vm/drop_caches", () => "0"),
        ];
        foreach ((string path, Func<string> make) in settings)
        {
            tree.Live("/proc/sys/" + path, () => make() + "\n", 0x1A4);
        }

        tree.Live("/sys/class/net/eth0/address", () => m.HardwareAddress + "\n");
        tree.Live("/sys/class/net/eth0/operstate", () => "up\n");
        tree.Live("/sys/class/net/eth0/mtu", () => "1500\n");
        tree.Live("/sys/class/net/eth0/speed", () => "-1\n");
        tree.Live("/sys/class/net/lo/address", () => "00:00:00:00:00:00\n");
        tree.Live("/sys/class/net/lo/mtu", () => "65536\n");
        tree.Live("/sys/class/net/lo/operstate", () => "unknown\n");
        tree.Live("/sys/class/dmi/id/sys_vendor", () => "QEMU\n");
        tree.Live("/sys/class/dmi/id/product_name", () => "Standard PC (i440FX + PIIX, 1996)\n");
        tree.Live("/sys/class/dmi/id/bios_vendor", () => "SeaBIOS\n");
        tree.Live("/sys/class/dmi/id/bios_version", () => "rel-1.16.3-0-ga6ed6b701f0a-prebuilt.qemu.org\n");
        tree.Live("/sys/class/dmi/id/product_uuid", () => new Guid(m.Bytes("product", 16)) + "\n", 0x100);
        tree.Live("/sys/block/vda/size", () => m.DiskSectors + "\n");
        tree.Live("/sys/block/vda/queue/rotational", () => "1\n");
        tree.Live("/sys/fs/cgroup/cgroup.controllers", () => "cpuset cpu io memory hugetlb pids rdma misc\n");
        tree.Live("/sys/kernel/mm/transparent_hugepage/enabled", () => "always [madvise] never\n", 0x1A4);
        string online = m.ProcessorCount == 1 ? "0\n" : string.Create(CultureInfo.InvariantCulture, $"0-{m.ProcessorCount - 1}\n");
        foreach (string name in new[] { "online", "possible", "present" })
        {
            tree.Live("/sys/devices/system/cpu/" + name, () => online);
        }

        for (int n = 0; n < m.ProcessorCount; n++)
        {
            tree.Folder(string.Create(CultureInfo.InvariantCulture, $"/sys/devices/system/cpu/cpu{n}/topology"));
        }

        foreach (string module in Modules.Select(module => module.Name))
        {
            tree.Live($"/sys/module/{module}/refcnt", () => "0\n");
        }
    }

    private static string Processors(Machine m) => string.Concat(Enumerable.Range(0, m.ProcessorCount).Select(n => string.Create(CultureInfo.InvariantCulture, $"processor\t: {n}\nvendor_id\t: {(m.Processor.Model.StartsWith("AMD", StringComparison.Ordinal) ? "AuthenticAMD" : "GenuineIntel")}\ncpu family\t: {m.Processor.Family}\nmodel\t\t: {m.Processor.Number}\nmodel name\t: {m.Processor.Model}\nstepping\t: {m.Processor.Stepping}\nmicrocode\t: 0x1\ncpu MHz\t\t: {m.Processor.Mhz}\ncache size\t: 16384 KB\nphysical id\t: 0\nsiblings\t: {m.ProcessorCount}\ncore id\t\t: {n}\ncpu cores\t: {m.ProcessorCount}\napicid\t\t: {n}\nfpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: 13\nwp\t\t: yes\nflags\t\t: {Flags}\nbogomips\t: {double.Parse(m.Processor.Mhz, CultureInfo.InvariantCulture) * 2:0.00}\nclflush size\t: 64\ncache_alignment\t: 64\naddress sizes\t: 40 bits physical, 48 bits virtual\npower management:\n\n")));

    private static string Memory(Machine m)
    {
        (string Name, long Value)[] values =
        [
            ("MemTotal", m.MemoryKilobytes), ("MemFree", MemoryUse.Free(m)), ("MemAvailable", m.MemoryKilobytes - MemoryUse.Used(m)), ("Buffers", MemoryUse.Cached(m) / 8), ("Cached", MemoryUse.Cached(m) - (MemoryUse.Cached(m) / 8) - (MemoryUse.Cached(m) / 16)), ("SwapCached", 0),
            ("Active", m.MemoryKilobytes * 21 / 100), ("Inactive", m.MemoryKilobytes * 19 / 100), ("Unevictable", 27_140), ("Mlocked", 27_140), ("SwapTotal", 0), ("SwapFree", 0), ("Dirty", 40 + (m.Now.Second * 4)), ("Writeback", 0), ("AnonPages", m.MemoryKilobytes * 14 / 100),
            ("Mapped", 180_300), ("Shmem", 1068), ("KReclaimable", MemoryUse.Cached(m) / 16), ("Slab", 160_200), ("SReclaimable", MemoryUse.Cached(m) / 16), ("SUnreclaim", 60_310), ("KernelStack", 3600), ("PageTables", 8100), ("CommitLimit", m.MemoryKilobytes / 2), ("VmallocTotal", 34_359_738_367), ("HugePages_Total", 0),
        ];
        return string.Concat(values.Select(value => $"{value.Name + ":",-16}{value.Value.ToString(CultureInfo.InvariantCulture),8}{(value.Name.StartsWith("Huge", StringComparison.Ordinal) ? "" : " kB")}\n"));
    }

    private static string Times(Machine m)
    {
        long seconds = (long)m.Uptime.TotalSeconds;
        string Row(string name, int share) => string.Create(CultureInfo.InvariantCulture, $"{name} {seconds * 2 / share} {310 / share} {seconds / share} {seconds * 97 * m.ProcessorCount / share} {800 / share} 0 {120 / share} 0 0 0\n");
        return Row("cpu ", 1) + string.Concat(Enumerable.Range(0, m.ProcessorCount).Select(n => Row($"cpu{n}", m.ProcessorCount)))
            + string.Create(CultureInfo.InvariantCulture, $"ctxt {seconds * 412}\nbtime {m.BootTime.ToUnixTimeSeconds()}\nprocesses {2000 + (long)(m.Uptime.TotalMinutes * 1.7)}\nprocs_running 1\nprocs_blocked 0\n");
    }
}
