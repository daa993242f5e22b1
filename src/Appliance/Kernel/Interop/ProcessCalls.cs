using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Interop;

/// <summary>Calls of the C library that make and confine processes.</summary>
internal static unsafe partial class ProcessCalls
{
    internal const int NewPidNamespace = 0x20000000;
    internal const int NewOtherNamespaces = 0x00020000 | 0x40000000 | 0x08000000 | 0x04000000 | 0x02000000; // mount, net, ipc, uts, cgroup
    internal const nuint MountReadOnly = 1;
    internal const nuint MountNoSetUser = 2;
    internal const nuint MountNoDevices = 4;
    internal const nuint MountNoExecute = 8;
    internal const nuint MountRemount = 32;
    internal const nuint MountBind = 4096;
    internal const nuint MountRecursive = 16384;
    internal const nuint MountPrivate = 1 << 18;
    internal const int UnmountDetach = 2;
    internal const int SetParentDeathSignal = 1;
    internal const int DropFromBoundingSet = 24;
    internal const int SetNoNewPrivileges = 38;
    internal const int Kill = 9;
    internal const int LastCapability = 40;

    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setns(int descriptor, int kind);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mount(string? source, string target, string? type, nuint flags, string? data);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int umount2(string target, int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int chdir(string path);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int chown(string path, uint owner, uint group);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setgroups(nuint count, uint* groups);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setpriority(int which, uint who, int nice);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setrlimit(int resource, ResourceLimit* limit);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int socketpair(int domain, int type, int protocol, int* descriptors);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int dup2(int descriptor, int target);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int waitpid(int process, int* status, int options);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int kill(int process, int signal);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int execve(string path, byte** arguments, byte** environment);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn(int* process, string path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint pivot_root(nint number, string newRoot, string oldRoot);

    [StructLayout(LayoutKind.Sequential)]
    internal struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
