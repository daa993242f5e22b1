using System.Runtime.InteropServices;
using System.Text;

namespace Blackwall.Kernel.Interop;

/// <summary>Starts a process as the first of a new PID namespace, with descriptors that it inherits, and waits for its end.</summary>
internal static unsafe class ConfinedChild
{
    // The first descriptor behind standard input, output and error, as systemd's LISTEN_FDS has it.
    internal const int FirstInherited = 3;
    private const int MoveDescriptor = 1030; // F_DUPFD_CLOEXEC
    private const int Above = 200;
    private const int Interrupted = 4; // EINTR
    private const int UnixDomain = 1;
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int SequencedPackets = 5 | 0x80000; // SOCK_SEQPACKET | SOCK_CLOEXEC

    /// <summary>Two ends of a channel that keeps messages apart.</summary>
    internal static (int Ours, int Theirs) MakeChannel()
    {
        int* pair = stackalloc int[2];
        return ProcessCalls.socketpair(UnixDomain, SequencedPackets, 0, pair) == 0 ? (pair[0], pair[1]) : throw new IOException(Errno.Name(Marshal.GetLastPInvokeError()));
    }

    internal static void Close(int descriptor) => _ = Libc.close(descriptor);

    /// <summary>
    /// Starts it; its number. To be called on a thread of its own, that then waits for the process and starts nothing else: the process is told
    /// to end when this thread does.
    /// </summary>
    internal static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, IReadOnlyList<int> inherited)
    {
        int own = Libc.open("/proc/thread-self/ns/pid", ReadOnly | CloseOnExec);
        if (own < 0 || ProcessCalls.unshare(ProcessCalls.NewPidNamespace) != 0)
        {
            Close(own);
            throw new IOException($"a PID namespace of its own cannot be made: {Errno.Name(Marshal.GetLastPInvokeError())}");
        }

        // Out of the way first, so that none is overwritten before it was copied.
        int[] moved = [.. inherited.Select(descriptor => ProcessCalls.fcntl(descriptor, MoveDescriptor, Above))];
        byte* actions = stackalloc byte[256];
        _ = ProcessCalls.posix_spawn_file_actions_init(actions);
        byte** argumentList = Strings(arguments.Prepend(path)), environmentList = Strings(environment);
        try
        {
            for (int i = 0; i < moved.Length; i++)
            {
                _ = ProcessCalls.posix_spawn_file_actions_adddup2(actions, moved[i], FirstInherited + i);
            }

            int process;
            int error = ProcessCalls.posix_spawn(&process, path, actions, null, argumentList, environmentList);
            return error == 0 ? process : throw new IOException($"{path} cannot be started: {Errno.Name(error)}");
        }
        finally
        {
            // A thread whose children belong to another namespace cannot start threads, and the runtime may want to at any time.
            _ = ProcessCalls.setns(own, ProcessCalls.NewPidNamespace);
            Close(own);
            _ = ProcessCalls.posix_spawn_file_actions_destroy(actions);
            Free(argumentList);
            Free(environmentList);
            foreach (int descriptor in moved)
            {
                Close(descriptor);
            }
        }
    }

    /// <summary>Waits for its end: the exit code, or 128 and the signal.</summary>
    internal static int Wait(int process)
    {
        int status;
        while (ProcessCalls.waitpid(process, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return -1;
            }
        }

        int signal = status & 0x7F;
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal;
    }

    internal static void Kill(int process) => _ = ProcessCalls.kill(process, ProcessCalls.Kill);

    internal static byte** Strings(IEnumerable<string> texts)
    {
        byte[][] all = [.. texts.Select(text => Encoding.UTF8.GetBytes(text + "\0"))];
        byte** list = (byte**)NativeMemory.AllocZeroed((nuint)(all.Length + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < all.Length; i++)
        {
            list[i] = (byte*)NativeMemory.Alloc((nuint)all[i].Length);
            all[i].CopyTo(new Span<byte>(list[i], all[i].Length));
        }

        return list;
    }

    private static void Free(byte** list)
    {
        for (int i = 0; list[i] != null; i++)
        {
            NativeMemory.Free(list[i]);
        }

        NativeMemory.Free(list);
    }
}
