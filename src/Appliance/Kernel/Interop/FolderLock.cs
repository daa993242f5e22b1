using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>An exclusive lock on a folder (flock(2)), which ends with the process at the latest.</summary>
internal static class FolderLock
{
    private const int ReadFolder = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC
    private const int Exclusive = 2 | 4;              // LOCK_EX | LOCK_NB

    /// <summary>A handle on a folder, which /proc/self/fd leads to; null: there is none, or it is not for us.</summary>
    internal static SafeFileHandle? Open(string folder)
    {
        int fd = Libc.open(folder, ReadFolder);
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>The lock, or null when another process has it. Whoever removes the folder does so while holding it.</summary>
    internal static SafeFileHandle? TryTake(string folder)
    {
        while (true)
        {
            Directory.CreateDirectory(folder);
            if (Open(folder) is not { } handle)
            {
                continue;
            }

            if (Libc.flock((int)handle.DangerousGetHandle(), Exclusive) < 0)
            {
                handle.Dispose();
                return null;
            }

            // The one before may have removed it between the two calls; then this lock keeps nobody out.
            string? place = new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;
            if (place?.EndsWith(" (deleted)", StringComparison.Ordinal) != true)
            {
                return handle;
            }

            handle.Dispose();
        }
    }
}
