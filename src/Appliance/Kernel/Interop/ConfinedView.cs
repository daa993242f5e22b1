using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Interop;

/// <summary>
/// What a process gives up before it becomes the one that is confined. All of it is done on one thread, which then takes the process's place by
/// execve(2); the other threads end there.
/// </summary>
internal static unsafe class ConfinedView
{
    private static readonly string[] Places = ["/mnt", "/media", "/srv", "/tmp", "/opt"];

    private const int PivotRoot = 155; // x86-64
    private const int CloseRange = 436;
    private const int CloseAtExec = 4;
    private const int Niceness = 10;

    /// <summary>Namespaces of its own for mounts, network, IPC, host name and control groups.</summary>
    internal static void LeaveNamespaces() => Check(ProcessCalls.unshare(ProcessCalls.NewOtherNamespaces), "namespaces of its own cannot be made");

    /// <summary>A root in memory with read-only folders and files of the host, /proc of its own, a few devices, and one folder to write in.</summary>
    /// <param name="readable">Absolute paths that are there under the same name, read-only.</param>
    /// <param name="stateFolder">Where it may write.</param>
    /// <param name="stateBytes">How much.</param>
    /// <param name="user">Whose that folder is.</param>
    internal static void MakeRoot(IReadOnlyList<string> readable, string stateFolder, long stateBytes, uint user)
    {
        string root = PlaceFor(readable);
        Check(ProcessCalls.mount(null, "/", null, ProcessCalls.MountRecursive | ProcessCalls.MountPrivate, null), "mounts cannot be made private");

        // The folders are opened to others by their mode, not by the caller's umask.
        uint mask = Libc.umask(0x12);
        Check(ProcessCalls.mount("tmpfs", root, "tmpfs", ProcessCalls.MountNoSetUser | ProcessCalls.MountNoDevices, "mode=0755,size=1m,nr_inodes=4096"), "a root in memory cannot be mounted");
        foreach (string path in readable)
        {
            Bind(path, root + path, ProcessCalls.MountReadOnly | ProcessCalls.MountNoSetUser | ProcessCalls.MountNoDevices);
        }

        foreach (string device in new[] { "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom" })
        {
            Bind(device, root + device, ProcessCalls.MountNoSetUser | ProcessCalls.MountNoExecute);
        }

        Directory.CreateDirectory(root + "/proc");
        if (ProcessCalls.mount("proc", root + "/proc", "proc", ProcessCalls.MountNoSetUser | ProcessCalls.MountNoDevices | ProcessCalls.MountNoExecute, "hidepid=2,subset=pid") != 0)
        {
            Check(ProcessCalls.mount("proc", root + "/proc", "proc", ProcessCalls.MountNoSetUser | ProcessCalls.MountNoDevices | ProcessCalls.MountNoExecute, "hidepid=2"), "/proc cannot be mounted");
        }

        Directory.CreateDirectory(root + stateFolder);
        Check(ProcessCalls.mount("tmpfs", root + stateFolder, "tmpfs", ProcessCalls.MountNoSetUser | ProcessCalls.MountNoDevices | ProcessCalls.MountNoExecute,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"mode=0700,size={stateBytes},nr_inodes=16384,uid={user},gid={user}")), "the state folder cannot be mounted");
        Check(ProcessCalls.chdir(root), "the new root cannot be entered");
        Check((int)ProcessCalls.pivot_root(PivotRoot, ".", "."), "the root cannot be changed");
        Check(ProcessCalls.umount2(".", ProcessCalls.UnmountDetach), "the old root cannot be left");
        Check(ProcessCalls.mount(null, "/", null, ProcessCalls.MountRemount | ProcessCalls.MountBind | ProcessCalls.MountReadOnly | ProcessCalls.MountNoSetUser | ProcessCalls.MountNoDevices, null), "the root cannot be made read-only");
        Check(ProcessCalls.chdir("/"), "the root cannot be entered");
        _ = Libc.umask(mask);
    }

    /// <summary>To be done as the user whose it is: root without its capabilities may not.</summary>
    internal static void EnterFolder(string stateFolder) => Check(ProcessCalls.chdir(stateFolder), "the state folder cannot be entered");

    /// <summary>Of all descriptors only the inherited ones go through execve(2); what is written to standard output and error is lost.</summary>
    internal static void KeepDescriptors(int inherited)
    {
        const int readWrite = 2;
        int nothing = Libc.open("/dev/null", readWrite);
        for (int standard = 0; standard <= 2; standard++)
        {
            Check(ProcessCalls.dup2(nothing, standard), "standard streams cannot be closed");
        }

        Check((int)ProcessCalls.syscall(CloseRange, ConfinedChild.FirstInherited + inherited, int.MaxValue, CloseAtExec, 0, 0), "descriptors cannot be closed");
    }

    /// <summary>Limits, a low priority, no capabilities, a user of its own, no new privileges, and an end with the parent's.</summary>
    internal static void DropPrivileges(uint user, ulong memoryBytes, ulong descriptors, ulong threads)
    {
        // Whatever it is made to compute, the wall and the servers come first.
        Check(ProcessCalls.setpriority(0, 0, Niceness), "its priority cannot be lowered");
        Limit(4, 0);
        Limit(7, descriptors);
        Limit(6, threads);
        Limit(2, memoryBytes);
        Limit(12, 0);
        for (int capability = 0; capability <= ProcessCalls.LastCapability; capability++)
        {
            // A kernel that knows fewer refuses the others.
            _ = ProcessCalls.prctl(ProcessCalls.DropFromBoundingSet, (nuint)capability, 0, 0, 0);
        }

        Check(ProcessCalls.setgroups(0, null), "groups cannot be left");
        Check(ProcessCalls.setresgid(user, user, user), "the group cannot be changed");
        Check(ProcessCalls.setresuid(user, user, user), "the user cannot be changed");
        Check(ProcessCalls.prctl(ProcessCalls.SetNoNewPrivileges, 1, 0, 0, 0), "new privileges cannot be refused");
        Check(ProcessCalls.prctl(ProcessCalls.SetParentDeathSignal, ProcessCalls.Kill, 0, 0, 0), "the end cannot be tied to the parent's");
    }

    /// <summary>Becomes another program. Returns only to fail.</summary>
    internal static void Become(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        _ = ProcessCalls.execve(path, ConfinedChild.Strings(arguments.Prepend(path)), ConfinedChild.Strings(environment));
        throw new IOException($"{path} cannot be run: {Errno.Name(Marshal.GetLastPInvokeError())}");
    }

    // A folder to build the root on that hides nothing which is to be shown there; only this process ever sees it.
    private static string PlaceFor(IReadOnlyList<string> readable) =>
        Places.First(place => Directory.Exists(place) && !readable.Any(path => path.StartsWith(place + "/", StringComparison.Ordinal)));

    private static void Bind(string source, string target, nuint flags)
    {
        if (Directory.Exists(source))
        {
            Directory.CreateDirectory(target);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Create(target).Dispose();
        }

        Check(ProcessCalls.mount(source, target, null, ProcessCalls.MountBind, null), $"{source} cannot be shown");
        Check(ProcessCalls.mount(null, target, null, ProcessCalls.MountBind | ProcessCalls.MountRemount | flags, null), $"{source} cannot be made read-only");
    }

    private static void Limit(int resource, ulong value)
    {
        ProcessCalls.ResourceLimit limit = new() { Soft = value, Hard = value };
        Check(ProcessCalls.setrlimit(resource, &limit), "a limit cannot be set");
    }

    private static void Check(int result, string sentence)
    {
        if (result < 0)
        {
            throw new IOException($"{sentence}: {Errno.Name(Marshal.GetLastPInvokeError())}");
        }
    }
}
