using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Interop;

/// <summary>The file system on which maps and links are pinned.</summary>
internal static unsafe class BpfFileSystem
{
    private const long Magic = 0xcafe4a11; // BPF_FS_MAGIC

    internal static bool IsBpf(string path)
    {
        byte* buffer = stackalloc byte[256];
        return Libc.statfs(path, buffer) == 0 && (*(long*)buffer & 0xffffffff) == Magic;
    }

    /// <summary>Whether a file system begins at this folder: its parent is on another one.</summary>
    internal static bool IsMountPoint(string path) => IsBpf(path) && !IsBpf(Path.GetDirectoryName(path) ?? "/");

    internal static bool TryMount(string path, out int errno)
    {
        bool mounted = Libc.mount("bpf", path, "bpf", 0, null) == 0;
        errno = mounted ? 0 : Marshal.GetLastPInvokeError();
        return mounted;
    }
}
