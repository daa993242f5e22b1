using System.Globalization;
using Blackwall.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Loading;

/// <summary>
/// Finds a BPF file system that outlives this process. One that only its own mount namespace has (<c>ip netns exec</c>, a container, a service
/// sandbox) goes with the last process in there, and the wall with it.
/// </summary>
internal sealed class PinPlace : IDisposable
{
    private readonly SafeFileHandle? _outside;

    private PinPlace(string root, string? note = null, SafeFileHandle? outside = null) => (Root, Note, _outside) = (root, note, outside);

    /// <summary>Where to pin. Only good while this is not disposed of.</summary>
    public string Root { get; }

    /// <summary>What the operator should know about it; null: nothing.</summary>
    public string? Note { get; }

    /// <param name="root">network.pin_path.</param>
    /// <exception cref="KernelException">There is none.</exception>
    public static PinPlace Find(string root)
    {
        string parent = Directory.Exists(root) ? root : Path.GetDirectoryName(root) ?? "/";
        if (!IsPrivate())
        {
            return new PinPlace(Mounted(root, parent, mayMount: Environment.ProcessId != 1));
        }

        if (BpfFileSystem.IsBpf(parent) && IsSame(parent))
        {
            return new PinPlace(Mounted(root, parent, mayMount: false));
        }

        string below = Path.GetRelativePath(parent, root);
        foreach (int process in Ancestors())
        {
            // By a handle: the path would end with that process.
            if (FolderLock.Open($"/proc/{process}/root{parent}") is not { } outside)
            {
                continue;
            }

            string place = $"/proc/self/fd/{outside.DangerousGetHandle()}";
            if (BpfFileSystem.IsBpf(place))
            {
                string found = below is "." ? place : Path.Combine(place, below);
                if (below is not ".")
                {
                    Own(found);
                }

                return new PinPlace(found, $"This process has a mount namespace of its own; maps and links are pinned in {root} outside of it, where they outlive the process.", outside);
            }

            outside.Dispose();
        }

        throw new KernelException(
            $"{parent} is no BPF file system that outlives this process: its mount namespace is private, and the wall would go with it. "
            + $"Mount one outside ('mount -t bpf bpf {parent}' on the host) and bring it in (a container: '--volume {parent}:{parent}'; a service: no PrivateMounts before it is mounted).");
    }

    public void Dispose() => _outside?.Dispose();

    private static string Mounted(string root, string parent, bool mayMount)
    {
        // A minimal system may not have mounted it; pins anywhere else would not survive.
        if (!BpfFileSystem.IsBpf(parent) && (!Directory.Exists(parent) || !mayMount || !BpfFileSystem.TryMount(parent, out _)))
        {
            throw new KernelException($"{parent} is no BPF file system and cannot become one; run 'mount -t bpf bpf {parent}', or set network.pin_path to a folder on one.");
        }

        if (!BpfFileSystem.IsMountPoint(root))
        {
            Own(root);
        }

        return root;
    }

    // Nobody else needs to see the pins, or may hold the lock of an interface.
    private static void Own(string folder)
    {
        if (!BpfFileSystem.TryOwn(folder))
        {
            throw new KernelException($"{folder} belongs to another user and cannot be taken over; set network.pin_path to a folder of your own.");
        }
    }

    private static bool IsPrivate()
    {
        string? own = Target("/proc/self/ns/mnt");

        // Who may not look at process 1 compares what is mounted.
        return Target("/proc/1/ns/mnt") is { } first ? !string.Equals(own, first, StringComparison.Ordinal) : !IsSame("/sys/fs/bpf");
    }

    // A private namespace that was copied from the first one still shows the same file system.
    private static bool IsSame(string path)
    {
        string own, first;
        try
        {
            (own, first) = (File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/1/mountinfo"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A process that cannot see process 1 cannot compare, and uses what is mounted here.
            return true;
        }

        for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            if (MountTable.Find(own, at) is { } here)
            {
                // A folder of it that was bound to another place (a service's BindPaths) is on the same file system too.
                return MountTable.Find(first, at) == here || (here.Type is "bpf" && MountTable.HasBpf(first, here.Device));
            }
        }

        return false;
    }

    // The first process, then those that started this one, the eldest first.
    private static IEnumerable<int> Ancestors()
    {
        Stack<int> found = new();
        for (int process = Environment.ProcessId; process > 1 && found.Count < 64;)
        {
            process = ParentOf(process);
            found.Push(process);
        }

        return found.Where(process => process > 0).Prepend(1).Distinct();
    }

    // "pid (name) state parent": a name may hold anything, so read from its last bracket.
    private static int ParentOf(int process)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process}/stat");
            string[] words = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.Length > 1 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent) ? parent : 0;
        }
        catch (IOException)
        {
            return 0;
        }
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
