using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Network;

/// <summary>Takes away what a run made, its own or that of a run that was killed before it could.</summary>
public static class LabCleaner
{
    public const string BpfFileSystem = "/sys/fs/bpf";

    /// <summary>Ends the processes inside, then deletes the namespace and with it its links and programs.</summary>
    public static async Task RemoveAsync(NetNamespace network)
    {
        if (!File.Exists(network.FilePath))
        {
            return;
        }

        foreach (var process in await network.ProcessesAsync())
        {
            Native.Send(process, Signal.Kill, process == Environment.ProcessId);
        }

        await Tool.TryAsync(["ip", "netns", "delete", network.Name]);
    }

    /// <summary>Pins hold programs in the kernel even when their interface is gone.</summary>
    public static void RemovePins(string folder)
    {
        if (Directory.Exists(folder))
        {
            // Directory.Delete(recursive) fails on bpffs, which has no file types but its own.
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                File.Delete(file);
            }

            foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Length))
            {
                Directory.Delete(inner);
            }

            Directory.Delete(folder);
        }
    }

    /// <summary>Removes what runs that no longer live have left.</summary>
    /// <returns>Names of those runs.</returns>
    public static async Task<IReadOnlyList<string>> RemoveAbandonedAsync()
    {
        List<string> names = [];
        foreach (var folder in RunFolder.Abandoned())
        {
            var name = Path.GetFileName(folder);
            foreach (var file in Directory.Exists(NetNamespace.Folder) ? Directory.EnumerateFiles(NetNamespace.Folder, name + "-*") : [])
            {
                await RemoveAsync(new NetNamespace(Path.GetFileName(file), folder));
            }

            RemovePins($"{BpfFileSystem}/{name}");
            Directory.Delete(folder, recursive: true);
            names.Add(name);
        }

        return names;
    }

    /// <summary>Mounts the BPF file system where every tool looks for it, as an init system does at boot.</summary>
    public static async Task MountBpfFileSystemAsync()
    {
        var mounts = await File.ReadAllTextAsync("/proc/mounts");
        if (!mounts.Contains($" {BpfFileSystem} bpf ", StringComparison.Ordinal))
        {
            await Tool.RunAsync(["mount", "-t", "bpf", "bpf", BpfFileSystem]);
        }
    }
}
