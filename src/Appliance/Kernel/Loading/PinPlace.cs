using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel.Loading;

/// <summary>
/// Finds a BPF file system that outlives this process. One that only its own mount namespace has (<c>ip netns exec</c>, a container, a service
/// sandbox) goes with the last process in there, and the wall with it.
/// </summary>
internal static class PinPlace
{
    /// <summary>Where to pin, and what the operator should know about it.</summary>
    /// <param name="root">network.pin_path.</param>
    /// <exception cref="KernelException">There is none.</exception>
    public static (string Root, string? Note) Resolve(string root)
    {
        string parent = Directory.Exists(root) ? root : Path.GetDirectoryName(root) ?? "/";
        if (!IsPrivate())
        {
            return (Mounted(root, parent, mayMount: Environment.ProcessId != 1), null);
        }

        string outside = "/proc/1/root" + parent;
        if (BpfFileSystem.IsBpf(parent) && (IsSame(parent) || !File.Exists("/proc/1/mountinfo")))
        {
            return (Mounted(root, parent, mayMount: false), null);
        }

        if (Directory.Exists(outside) && BpfFileSystem.IsBpf(outside))
        {
            string place = "/proc/1/root" + root;
            Directory.CreateDirectory(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return (place, $"This process has a mount namespace of its own, so maps and links are pinned in {root} of process 1, where they outlive it.");
        }

        throw new KernelException(
            $"{parent} is no BPF file system that outlives this process: its mount namespace is private, and the wall would go with it. "
            + $"Mount one outside ('mount -t bpf bpf {parent}' on the host) and bring it in (a container: '--volume {parent}:{parent}'; a service: no PrivateMounts before it is mounted).");
    }

    private static string Mounted(string root, string parent, bool mayMount)
    {
        // A minimal system may not have mounted it; pins anywhere else would not survive.
        if (!BpfFileSystem.IsBpf(parent) && (!Directory.Exists(parent) || !mayMount || !BpfFileSystem.TryMount(parent, out _)))
        {
            throw new KernelException($"{parent} is no BPF file system and cannot become one; run 'mount -t bpf bpf {parent}', or set network.pin_path to a folder on one.");
        }

        // Nobody else needs to see the pins, or may hold the lock of an interface.
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return root;
    }

    private static bool IsPrivate()
    {
        string? own = Target("/proc/self/ns/mnt");
        string? first = Target("/proc/1/ns/mnt");
        return own is not null && !string.Equals(own, first, StringComparison.Ordinal);
    }

    // A private namespace that was copied from the first one still shows the same file system.
    private static bool IsSame(string path)
    {
        for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            if (MountTable.Find(File.ReadAllText("/proc/self/mountinfo"), at) is { } own)
            {
                return MountTable.Find(File.ReadAllText("/proc/1/mountinfo"), at) is { } first && first == own;
            }
        }

        return false;
    }

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
