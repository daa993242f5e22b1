using Blackwall.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Loading;

/// <summary>
/// Where maps and links of one interface are pinned, so that they outlive the process. Pins of another ABI version lie in another folder and are
/// never mixed with ours. One process at a time has the folder of an interface: the maps in it belong to whoever attaches.
/// </summary>
internal sealed class PinFolder : IDisposable
{
    /// <summary>BW_ABI_VERSION of bpf/abi.h.</summary>
    private const int AbiVersion = 6;
    private const string XdpLink = "link-xdp";
    private const string TcxLink = "link-tcx";
    private const string AnswerLink = "link-answer";

    private readonly string _root;
    private readonly string _interfaceFolder;
    private readonly string _maps;
    private readonly PinPlace _place;
    private readonly SafeFileHandle _lock;

    public PinFolder(string root, string interfaceName)
    {
        _place = PinPlace.Find(root);
        _root = _place.Root;
        _interfaceFolder = Path.Combine(_root, interfaceName);
        _maps = Path.Combine(_interfaceFolder, $"maps-v{AbiVersion}");
        _lock = FolderLock.TryTake(_interfaceFolder)
            ?? throw Refused($"Another Blackwall guards {interfaceName}; stop it first. One on an interface of the same name in another network namespace needs another network.pin_path.");
    }

    /// <summary>What the operator should know about the place of the pins; null: nothing.</summary>
    public string? Note => _place.Note;

    /// <summary>Whether an earlier process left a link here.</summary>
    public bool HasLinks => File.Exists(Path.Combine(_interfaceFolder, XdpLink)) || File.Exists(Path.Combine(_interfaceFolder, TcxLink));

    public SafeFileHandle? OpenMap(string name) => Open(Path.Combine(_maps, name));

    public SafeFileHandle? OpenXdpLink() => Open(Path.Combine(_interfaceFolder, XdpLink));

    public SafeFileHandle? OpenTcxLink() => Open(Path.Combine(_interfaceFolder, TcxLink));

    public SafeFileHandle? OpenAnswerLink() => Open(Path.Combine(_interfaceFolder, AnswerLink));

    public void PinAnswerLink(SafeFileHandle link) => Pin(link, Path.Combine(_interfaceFolder, AnswerLink));

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

    public void RemoveAnswerLink() => File.Delete(Path.Combine(_interfaceFolder, AnswerLink));

    public void RemoveTcxLink() => File.Delete(Path.Combine(_interfaceFolder, TcxLink));

    /// <summary>Links first: then nothing uses the maps any more.</summary>
    public void RemoveAll()
    {
        if (Directory.Exists(_interfaceFolder))
        {
            RemoveXdpLink();
            RemoveTcxLink();
            RemoveAnswerLink();
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

    /// <summary>Lets another process have this interface.</summary>
    public void Dispose()
    {
        // An empty folder is of no use to anybody.
        if (Directory.Exists(_interfaceFolder) && !Directory.EnumerateFileSystemEntries(_interfaceFolder).Any())
        {
            RemoveAll();
        }

        _lock.Dispose();
        _place.Dispose();
    }

    private KernelException Refused(string sentence)
    {
        _place.Dispose();
        return new KernelException(sentence);
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
}
