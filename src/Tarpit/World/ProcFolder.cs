using System.Collections.Immutable;
using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.World;

/// <summary>/proc of one visitor: what all have, and the processes, sockets and names as he has them. Made each time somebody looks.</summary>
internal sealed class ProcFolder(MachineState state, FolderNode common)
{
    private static readonly ImmutableSortedDictionary<string, Node> s_empty = ImmutableSortedDictionary.Create<string, Node>(StringComparer.Ordinal);

    private readonly Machine _machine = state.Machine;

    public FolderNode Node => FolderNode.Live(Entries) with { Mode = 0x16D, Modified = _machine.BootTime };

    private ImmutableSortedDictionary<string, Node> Entries()
    {
        ImmutableSortedDictionary<string, Node>.Builder entries = common.Entries.ToBuilder();
        IReadOnlyList<RunningProcess> all = [.. state.Processes.All, .. AskingProcess.Beside];
        foreach (RunningProcess process in all)
        {
            entries[process.Id.ToString(CultureInfo.InvariantCulture)] = Process(process);
        }

        RunningProcess? asking = AskingProcess.Program;
        int own = asking?.Id ?? all.FirstOrDefault(process => process.Id == AskingProcess.Shell)?.Id ?? all.LastOrDefault(process => process.Terminal is not ("?" or "tty1"))?.Id ?? all[^1].Id;
        if (asking is not null)
        {
            entries[own.ToString(CultureInfo.InvariantCulture)] = Process(asking);
        }

        entries["self"] = Link(own.ToString(CultureInfo.InvariantCulture));
        entries["thread-self"] = Link(string.Create(CultureInfo.InvariantCulture, $"{own}/task/{own}"));
        entries["swaps"] = Text(() => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n" + string.Concat(state.Kept.Below("swap:").Select(swap => $"{swap.Key,-40}file\t\t{swap.Value}\t\t0\t\t-2\n")));
        entries["net"] = Link("self/net");
        entries["mounts"] = Link("self/mounts");
        entries["loadavg"] = Text(() => string.Create(CultureInfo.InvariantCulture, $"{Load.Averages(_machine).Replace(",", "", StringComparison.Ordinal)} 1/{all.Count + 61} {all.Max(process => process.Id)}\n"));
        entries["sys"] = Settings((FolderNode)common.Entries["sys"], "");
        return entries.ToImmutable();
    }

    // Values of the kernel as the visitor set them; whatever root may set there takes what is written to it.
    private FolderNode Settings(FolderNode folder, string path)
    {
        ImmutableSortedDictionary<string, Node>.Builder entries = folder.Entries.ToBuilder();
        foreach ((string name, Node node) in folder.Entries)
        {
            string key = path.Length == 0 ? name : $"{path}/{name}";
            entries[name] = node switch
            {
                FolderNode inner => Settings(inner, key),
                FileNode file when key.StartsWith("kernel/random/", StringComparison.Ordinal) || key is "kernel/osrelease" or "kernel/ostype" or "kernel/version" or "kernel/tainted" or "fs/file-nr" => file with { Mode = 0x124 },
                FileNode file => file with { Content = new KernelContent(() => state.Kept.Get("sysctl:" + key) is { } value ? value + "\n" : System.Text.Encoding.UTF8.GetString(file.Content.Read()), text => state.Kept.TrySet("sysctl:" + key, text.Trim())) },
                _ => node,
            };
        }

        if (path is "kernel")
        {
            entries["hostname"] = new FileNode { Content = new KernelContent(() => state.HostName + "\n", text => state.HostName = text.Trim()), Mode = 0x1A4, Modified = _machine.BootTime };
        }

        return folder with { Entries = entries.ToImmutable() };
    }

    private LinkNode Link(string target) => new(target) { Mode = 0x1FF, Modified = _machine.BootTime };

    private FileNode Text(Func<string> make, int mode = 0x124) => new() { Content = new KernelContent(make), Mode = mode, Modified = _machine.BootTime };

    private FolderNode Process(RunningProcess process) => FolderNode.Live(() => ProcessEntries(process)) with { Mode = 0x16D, User = Owner(process), Group = Owner(process), Modified = process.Started };

    private int Owner(RunningProcess process) => WorldUsers.All(_machine).FirstOrDefault(user => string.Equals(user.Name, process.User, StringComparison.Ordinal)).Id;

    private ImmutableSortedDictionary<string, Node> ProcessEntries(RunningProcess p)
    {
        int owner = Owner(p);
        string program = Program(p);
        long ticks = (long)((p.Started - _machine.BootTime).TotalSeconds * 100);
        ImmutableSortedDictionary<string, Node>.Builder entries = s_empty.ToBuilder();
        entries["cmdline"] = Text(() => p.IsKernels ? "" : string.Concat((p.Words ?? p.Command.Split(' ')).Select(word => word + "\0")));
        entries["comm"] = Text(() => p.ShortName + "\n");
        entries["environ"] = Text(() => p.Environment is { } environment ? environment() : p.Terminal is "?" && p.Service is not null ? "LANG=C.UTF-8\0PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\0" : $"SHELL=/bin/bash\0USER={p.User}\0LOGNAME={p.User}\0LANG=C.UTF-8\0", 0x100);
        entries["status"] = Text(() => p.IsKernels ? StatusOfKernels(p) : string.Create(CultureInfo.InvariantCulture, $"Name:\t{p.ShortName}\nUmask:\t0022\nState:\t{(p.Load > 1 || ReferenceEquals(p, AskingProcess.Program) ? "R (running)" : "S (sleeping)")}\nTgid:\t{p.Id}\nNgid:\t0\nPid:\t{p.Id}\nPPid:\t{p.Parent}\nTracerPid:\t0\nUid:\t{owner}\t{owner}\t{owner}\t{owner}\nGid:\t{owner}\t{owner}\t{owner}\t{owner}\nFDSize:\t256\nGroups:\t{owner} \nNStgid:\t{p.Id}\nNSpid:\t{p.Id}\nNSpgid:\t{p.Id}\nNSsid:\t{p.Parent}\nKthread:\t0\nVmPeak:\t{(p.Memory * 2) + 4000,8} kB\nVmSize:\t{(p.Memory * 2) + 4000,8} kB\nVmLck:\t       0 kB\nVmPin:\t       0 kB\nVmHWM:\t{p.Memory,8} kB\nVmRSS:\t{p.Memory,8} kB\nRssAnon:\t{p.Memory / 5,8} kB\nRssFile:\t{p.Memory - (p.Memory / 5),8} kB\nRssShmem:\t       0 kB\nVmData:\t{(p.Memory / 5) + 360,8} kB\nVmStk:\t     132 kB\nVmExe:\t      {20 + (p.ShortName.Length % 7 * 4)} kB\nVmLib:\t    1796 kB\nVmPTE:\t      52 kB\nVmSwap:\t       0 kB\nHugetlbPages:\t       0 kB\nCoreDumping:\t0\nTHP_enabled:\t1\nuntag_mask:\t0xffffffffffffffff\nThreads:\t1\nSigQ:\t0/{_machine.MemoryKilobytes / 260}\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000\n{Capabilities(owner)}{Tail()}"));
        entries["stat"] = Text(() => string.Create(CultureInfo.InvariantCulture, $"{p.Id} ({p.ShortName}) S {p.Parent} {p.Id} {p.Id} {(p.Terminal is "?" ? 0 : 34816)} -1 4194560 412 0 0 0 {Busy(p) - (Busy(p) / 4)} {Busy(p) / 4} 0 0 20 0 1 0 {ticks} {((p.Memory * 2) + 4000) * 1024L} {p.Memory / 4} 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"));
        entries["statm"] = Text(() => string.Create(CultureInfo.InvariantCulture, $"{(p.Memory / 2) + 1000} {p.Memory / 4} {p.Memory / 8} 220 0 400 0\n"));
        entries["cgroup"] = Text(() => p.Service is { } service ? $"0::/system.slice/{service.Name}.service\n" : p.Id == 1 ? "0::/init.scope\n" : p.IsKernels ? "0::/\n" : $"0::/user.slice/user-{owner}.slice/session-{LoginRecord.Session(p.Parent)}.scope\n");
        entries["limits"] = Text(() => "Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \nMax file size             unlimited            unlimited            bytes     \nMax processes             15238                15238                processes \nMax open files            1024                 1048576              files     \n");
        entries["maps"] = Text(() => p.IsKernels ? "" : $"55d4a0c00000-55d4a0d21000 r-xp 00000000 fc:01 {1000 + (StableHash.Of(program) % 90_000)}                          {program}\n7ffc4f1b2000-7ffc4f1d3000 rw-p 00000000 00:00 0                          [stack]\n");
        entries["mounts"] = Text(() => Mounts.Text(state));
        entries["oom_score"] = Text(() => "0\n");
        entries["oom_score_adj"] = Text(() => "0\n", 0x1A4);
        entries["loginuid"] = Text(() => p.Terminal is "?" ? "4294967295" : owner.ToString(CultureInfo.InvariantCulture), 0x1A4);
        entries["io"] = Text(() => "rchar: 48120\nwchar: 1204\nsyscr: 88\nsyscw: 12\nread_bytes: 4096\nwrite_bytes: 0\ncancelled_write_bytes: 0\n", 0x100);
        entries["cwd"] = Link(p.Folder);
        entries["root"] = Link("/");
        if (!p.IsKernels)
        {
            entries["exe"] = Link(program);
        }

        string end = p.Terminal is "?" or "tty1" ? "/dev/null" : "/dev/" + p.Terminal;
        (int Number, string Target)[] open = p.Descriptors is { } known ? [.. known] : p.Service is null && p.Terminal is "?" && !p.IsKernels && !p.Command.StartsWith("sshd", StringComparison.Ordinal) ? [(0, Pipe(p, 0)), (1, Pipe(p, 1)), (2, Pipe(p, 2))] : [(0, end), (1, end), (2, end)];
        entries["fd"] = Folder([.. open.Select(one => (one.Number.ToString(CultureInfo.InvariantCulture), (Node)(Link(one.Target) with { Mode = 0x1C0, User = owner, Group = owner, Modified = p.Started })))]);
        entries["fdinfo"] = Folder([.. open.Select(one => (one.Number.ToString(CultureInfo.InvariantCulture), (Node)Text(() => "pos:\t0\nflags:\t0100002\nmnt_id:\t15\nino:\t3\n")))]);
        entries["task"] = Folder((p.Id.ToString(CultureInfo.InvariantCulture), Folder(("comm", entries["comm"]), ("status", entries["status"]))));
        entries["net"] = Folder(("tcp", Text(() => Sockets.Table(state))), ("tcp6", Text(() => Sockets.TableHead)), ("udp", Text(() => Sockets.TableHead)), ("unix", Text(() => "Num       RefCount Protocol Flags    Type St Inode Path\n")), ("dev", Text(Traffic)), ("arp", Text(() => $"IP address       HW type     Flags       HW address            Mask     Device\n{Network.Gateway(state.Address),-16} 0x1         0x2         {_machine.GatewayHardwareAddress}     *        eth0\n")), ("route", Text(() => Network.RouteTable(state.Address))));
        return entries.ToImmutable();
    }

    /// <summary>How a pipe of a process is named.</summary>
    public static string Pipe(RunningProcess p, int number) => string.Create(CultureInfo.InvariantCulture, $"pipe:[{18_000 + (p.Id % 40_000) + number}]");

    private string Tail() => string.Create(CultureInfo.InvariantCulture, $"NoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\nSpeculation_Store_Bypass:\tthread vulnerable\nSpeculationIndirectBranch:\tconditional enabled\nCpus_allowed:\t{(1 << _machine.ProcessorCount) - 1:x}\nCpus_allowed_list:\t{(_machine.ProcessorCount == 1 ? "0" : $"0-{_machine.ProcessorCount - 1}")}\nMems_allowed:\t00000000,00000001\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:\t{3}\nnonvoluntary_ctxt_switches:\t{1}\n");

    private static string Capabilities(int owner)
    {
        string held = owner == 0 ? "000001ffffffffff" : "0000000000000000";
        return $"CapInh:\t0000000000000000\nCapPrm:\t{held}\nCapEff:\t{held}\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\n";
    }

    private string StatusOfKernels(RunningProcess p) => string.Create(CultureInfo.InvariantCulture, $"Name:\t{p.ShortName}\nUmask:\t0000\nState:\tI (idle)\nTgid:\t{p.Id}\nNgid:\t0\nPid:\t{p.Id}\nPPid:\t{p.Parent}\nTracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t \nKthread:\t1\nThreads:\t1\n{Capabilities(0)}{Tail()}");

    private string Traffic()
    {
        (long received, long sent) = Network.Traffic(_machine);
        return string.Create(CultureInfo.InvariantCulture, $"Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo: {sent / 9} {sent / 900}    0    0    0     0          0         0 {sent / 9} {sent / 900}    0    0    0     0       0          0\n  eth0: {received} {received / 740}    0    0    0     0          0         0 {sent} {sent / 610}    0    0    0     0       0          0\n");
    }

    private FolderNode Folder(params (string Name, Node Node)[] nodes) => new() { Mode = 0x140, Modified = _machine.BootTime, Entries = s_empty.AddRange(nodes.Select(node => KeyValuePair.Create(node.Name, node.Node))) };

    private long Busy(RunningProcess p) => (long)(p.UsedTime(_machine.Now).TotalSeconds * 100);

    private static string Program(RunningProcess p) => p.Executable ?? p.Command switch
    {
        _ when p.Id == 1 => "/usr/lib/systemd/systemd",
        _ when p.Command.StartsWith("sshd:", StringComparison.Ordinal) => "/usr/sbin/sshd",
        _ when p.Command.Split(' ')[0] is "bash" or "-bash" => "/usr/bin/bash",
        _ when p.Command.StartsWith("@dbus", StringComparison.Ordinal) => "/usr/bin/dbus-daemon",
        _ when p.Command.StartsWith('/') => p.Command.Split(' ')[0] is "/usr/bin/python3" ? "/usr/bin/python3.12" : p.Command.Split(' ')[0],
        _ => FileSystem.Normalize(p.Command.Split(' ')[0], p.Command.Contains('/', StringComparison.Ordinal) ? p.Folder : "/usr/bin"),
    };
}
