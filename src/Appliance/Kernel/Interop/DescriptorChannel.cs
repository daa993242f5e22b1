using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Interop;

/// <summary>Messages that carry descriptors to another process (SCM_RIGHTS, unix(7)), over a connected Unix socket of sequenced packets.</summary>
internal static unsafe partial class DescriptorChannel
{
    /// <summary>SCM_MAX_FD of the kernel.</summary>
    internal const int MostDescriptors = 253;

    private const int SolSocket = 1;
    private const int Rights = 1;              // SCM_RIGHTS
    private const int NoSignal = 0x4000;       // MSG_NOSIGNAL
    private const int CloseAtExec = 0x40000000; // MSG_CMSG_CLOEXEC
    private const int Cut = 0x8 | 0x20;        // MSG_CTRUNC | MSG_TRUNC
    private const int Interrupted = 4;         // EINTR

    // struct cmsghdr: length, level, type.
    private const int HeaderSize = 16;

    /// <summary>Sends one message with descriptors, of which the receiver gets copies.</summary>
    /// <exception cref="IOException">It cannot be sent.</exception>
    internal static void Send(int socket, ReadOnlySpan<byte> message, ReadOnlySpan<int> descriptors)
    {
        byte[] control = new byte[HeaderSize + Aligned(descriptors.Length * sizeof(int))];
        MemoryMarshal.Write(control, (nuint)(HeaderSize + (descriptors.Length * sizeof(int))));
        MemoryMarshal.Write(control.AsSpan(8), SolSocket);
        MemoryMarshal.Write(control.AsSpan(12), Rights);
        MemoryMarshal.AsBytes(descriptors).CopyTo(control.AsSpan(HeaderSize));
        fixed (byte* text = message)
        fixed (byte* rights = control)
        {
            Vector vector = new() { Start = text, Length = (nuint)message.Length };
            MessageHeader header = new() { Vectors = &vector, VectorCount = 1, Control = rights, ControlLength = (nuint)control.Length };
            nint sent;
            while ((sent = sendmsg(socket, &header, NoSignal)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }

            if (sent != message.Length)
            {
                throw new IOException($"descriptors cannot be sent: {Errno.Name(Marshal.GetLastPInvokeError())}");
            }
        }
    }

    /// <summary>Receives one message; its length, 0 at the end. The descriptors are the caller's, and close at execve(2).</summary>
    /// <exception cref="IOException">It cannot be received, or was longer than the buffer.</exception>
    internal static int Receive(int socket, Span<byte> buffer, out int[] descriptors)
    {
        byte[] control = new byte[HeaderSize + Aligned(MostDescriptors * sizeof(int))];
        fixed (byte* text = buffer)
        fixed (byte* rights = control)
        {
            Vector vector = new() { Start = text, Length = (nuint)buffer.Length };
            MessageHeader header = new() { Vectors = &vector, VectorCount = 1, Control = rights, ControlLength = (nuint)control.Length };
            nint received;
            while ((received = recvmsg(socket, &header, CloseAtExec)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }

            if (received < 0)
            {
                throw new IOException($"descriptors cannot be received: {Errno.Name(Marshal.GetLastPInvokeError())}");
            }

            int length = header.ControlLength >= HeaderSize ? (int)MemoryMarshal.Read<nuint>(control) - HeaderSize : 0;
            bool isRights = length > 0 && MemoryMarshal.Read<int>(control.AsSpan(8)) == SolSocket && MemoryMarshal.Read<int>(control.AsSpan(12)) == Rights;
            descriptors = isRights ? MemoryMarshal.Cast<byte, int>(control.AsSpan(HeaderSize, length)).ToArray() : [];
            if ((header.Flags & Cut) != 0)
            {
                foreach (int descriptor in descriptors)
                {
                    _ = Libc.close(descriptor);
                }

                throw new IOException("a message with descriptors is too long");
            }

            return (int)received;
        }
    }

    private static int Aligned(int length) => (length + sizeof(nuint) - 1) & ~(sizeof(nuint) - 1);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int socket, MessageHeader* message, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public byte* Start;
        public nuint Length;
    }

    // struct msghdr of 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
