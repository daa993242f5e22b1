using Blackwall.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Loading;

/// <summary>
/// Where maps and links of one interface are pinned, so that they outlive the process. Pins of another ABI version lie in another folder and are
/// never mixed with ours.
/// </summary>
internal sealed class PinFolder
{
    /// <summary>BW_ABI_VERSION of bpf/abi.h.</summary>
    private const int AbiVersion = 6;
    private const string XdpLink = "link-xdp";
    private const string TcxLink = "link-tcx";

    private readonly string _root;
    private readonly string _interfaceFolder;
    private readonly string _maps;

    public PinFolder(string root, string interfaceName)
    {
        _root = root;
        _interfaceFolder = Path.Combine(root, interfaceName);
        _maps = Path.Combine(_interfaceFolder, $"maps-v{AbiVersion}");
        EnsureBpfFileSystem(root);
    }

    public SafeFileHandle? OpenMap(string name) => Open(Path.Combine(_maps, name));

    public SafeFileHandle? OpenXdpLink() => Open(Path.Combine(_interfaceFolder, XdpLink));

    public SafeFileHandle? OpenTcxLink() => Open(Path.Combine(_interfaceFolder, TcxLink));

    public void PinXdpLink(SafeFileHandle link) => Pin(link, Path.Combine(_interfaceFolder, XdpLink));

    public void PinTcxLink(SafeFileHandle link) => Pin(link, Path.Combine(_interfaceFolder, TcxLink));

    /// <summary>Pins the maps in force, and forgets those of other versions.</summary>
    public void PinMaps(IEnumerable<(string Name, SafeFileHandle Map)> maps, IReadOnlyCollection<string> reused)
    {
        Directory.CreateDirectory(_maps);
        foreach ((string name, SafeFileHandle map) in maps)
        {
            if (!reused.Contains(name, StringComparer.Ordinal))
            {
                Pin(map, Path.Combine(_maps, name));
            }
        }

        foreach (string other in Directory.EnumerateDirectories(_interfaceFolder, "maps-v*").Where(d => !string.Equals(d, _maps, StringComparison.Ordinal)))
        {
            RemoveFolder(other);
        }
    }

    public void RemoveXdpLink() => File.Delete(Path.Combine(_interfaceFolder, XdpLink));

    public void RemoveTcxLink() => File.Delete(Path.Combine(_interfaceFolder, TcxLink));

    /// <summary>Links first: then nothing uses the maps any more.</summary>
    public void RemoveAll()
    {
        if (Directory.Exists(_interfaceFolder))
        {
            RemoveXdpLink();
            RemoveTcxLink();
            foreach (string folder in Directory.EnumerateDirectories(_interfaceFolder))
            {
                RemoveFolder(folder);
            }

            Directory.Delete(_interfaceFolder);
        }

        // The root is ours too when no other interface has its folder in it; the file system itself stays.
        if (!BpfFileSystem.IsMountPoint(_root) && !Directory.EnumerateFileSystemEntries(_root).Any())
        {
            Directory.Delete(_root);
        }
    }

    private static void RemoveFolder(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }

        Directory.Delete(folder);
    }

    private static SafeFileHandle? Open(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        SafeFileHandle handle = BpfSyscall.Open(path);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    private static void Pin(SafeFileHandle handle, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        int result = BpfSyscall.Pin(handle, path);
        if (result < 0)
        {
            throw new KernelException($"Cannot pin {path}; is it on a BPF file system that this process may write?", -result);
        }
    }

    private static void EnsureBpfFileSystem(string root)
    {
        string parent = Directory.Exists(root) ? root : Path.GetDirectoryName(root) ?? "/";
        if (BpfFileSystem.IsBpf(parent))
        {
            Directory.CreateDirectory(root);
            return;
        }

        // A minimal system may not have mounted it; pins anywhere else would not survive.
        if (!Directory.Exists(parent) || !BpfFileSystem.TryMount(parent, out _))
        {
            throw new KernelException($"{parent} is no BPF file system and cannot become one; run 'mount -t bpf bpf {parent}', or set network.pin_path to a folder on one.");
        }

        Directory.CreateDirectory(root);
    }
}
