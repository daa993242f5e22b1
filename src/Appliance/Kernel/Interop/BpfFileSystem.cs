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

    /// <summary>Makes a folder the caller's alone, whoever made it: on a file system that everybody may write somebody else can have.</summary>
    internal static bool TryOwn(string folder)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, ownerOnly);
        if (Libc.chown(folder, (uint)Libc.geteuid(), uint.MaxValue) != 0)
        {
            return false;
        }

        File.SetUnixFileMode(folder, ownerOnly);
        return true;
    }

    internal static bool TryMount(string path, out int errno)
    {
        fixed (byte* options = "mode=700\0"u8)
        {
            bool mounted = Libc.mount("bpf", path, "bpf", 0, options) == 0;
            errno = mounted ? 0 : Marshal.GetLastPInvokeError();
            return mounted;
        }
    }
}
