using System.Runtime.InteropServices;

namespace Blackwall.Lab.Tools;

/// <summary>The few system calls that .NET has no words for.</summary>
public static partial class Native
{
    private const int NetworkNamespace = 0x40000000; // CLONE_NEWNET

    /// <summary>Moves the calling thread, and only it, into a network namespace.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static void EnterNetwork(SafeHandle file)
    {
        if (SetNamespace(file, NetworkNamespace) != 0)
        {
            throw new IOException($"setns: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    public static void Send(int process, Signal signal, bool exited)
    {
        if (!exited)
        {
            _ = SendSignal(process, (int)signal);
        }
    }

    /// <summary>Programs attached to an interface of the calling thread's namespace at one attach point.</summary>
    /// <param name="attachPoint">Value of the kernel's <c>enum bpf_attach_type</c>.</param>
    /// <returns>0 too when the kernel does not know that attach point.</returns>
    public static unsafe uint CountPrograms(int interfaceIndex, int attachPoint)
    {
        uint count = 0, flags = 0;
        return QueryPrograms(interfaceIndex, attachPoint, 0, &flags, null, &count) == 0 ? count : 0;
    }

    /// <summary>Makes a tun device in the calling thread's namespace; it lives as long as the file is open.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static unsafe FileStream OpenTun(string name)
    {
        const ulong setInterface = 0x400454ca; // TUNSETIFF
        const short tunWithoutInfo = 0x1001;   // IFF_TUN | IFF_NO_PI
        // Unbuffered: each write is a packet.
        FileStream file = new("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        byte* request = stackalloc byte[40];   // struct ifreq
        new Span<byte>(request, 40).Clear();
        System.Text.Encoding.ASCII.GetBytes(name, new Span<byte>(request, 15));
        *(short*)(request + 16) = tunWithoutInfo;
        if (Control(file.SafeFileHandle, setInterface, request) != 0)
        {
            file.Dispose();
            throw new IOException($"TUNSETIFF: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return file;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int Control(SafeHandle file, ulong request, void* argument);

    /// <summary>Writes an entry of a pinned kernel map, as another process would.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static unsafe void WriteMap(string path, uint key, byte[] value)
    {
        using var map = OpenPinned(path);
        fixed (byte* bytes = value)
        {
            if (UpdateElement((int)map.DangerousGetHandle(), &key, bytes, 0) != 0)
            {
                throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    /// <summary>A map or a link by its pin; it stays while the handle is open.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static Microsoft.Win32.SafeHandles.SafeFileHandle OpenPinned(string path)
    {
        var handle = GetObject(path);
        return handle < 0 ? throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}") : new(handle, ownsHandle: true);
    }

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_obj_get", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetObject(string path);

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_map_update_elem", SetLastError = true)]
    private static unsafe partial int UpdateElement(int map, void* key, void* value, ulong flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle file, int type);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_prog_query")]
    private static unsafe partial int QueryPrograms(int target, int type, uint queryFlags, uint* attachFlags, uint* ids, uint* count);
}
