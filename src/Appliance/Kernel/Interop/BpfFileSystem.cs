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

    internal static bool TryMount(string path, out int errno)
    {
        bool mounted = Libc.mount("bpf", path, "bpf", 0, null) == 0;
        errno = mounted ? 0 : Marshal.GetLastPInvokeError();
        return mounted;
    }
}
