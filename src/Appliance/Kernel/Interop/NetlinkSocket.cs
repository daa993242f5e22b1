using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>
/// Asks the kernel about links and routes of this network namespace (rtnetlink(7)). /sys and /proc would answer for the namespace in which they
/// were mounted.
/// </summary>
internal static unsafe class NetlinkSocket
{
    private const int AddressFamily = 16;    // AF_NETLINK
    private const int Raw = 3 | 0x80000;     // SOCK_RAW | SOCK_CLOEXEC
    private const int HeaderSize = 16;       // struct nlmsghdr
    private const ushort Dump = 0x301;       // NLM_F_REQUEST | NLM_F_DUMP
    private const ushort Done = 3;           // NLMSG_DONE
    private const ushort Error = 2;          // NLMSG_ERROR
    private const int DontWait = 0x40;       // MSG_DONTWAIT
    private const int NoBufferSpace = 105;   // ENOBUFS
    private const int BufferSize = 64 * 1024;

    internal delegate void Reader(ReadOnlySpan<byte> message);

    /// <summary>Asks for everything of one kind and hands over each message without its header, native byte order. 0, or -errno.</summary>
    /// <param name="request">RTM_GETLINK and the like.</param>
    /// <param name="answer">Type of the messages that are handed over.</param>
    /// <param name="body">What follows the header.</param>
    /// <param name="reader">Called once a message.</param>
    internal static int DumpAll(ushort request, ushort answer, ReadOnlySpan<byte> body, Reader reader)
    {
        int fd = Libc.socket(AddressFamily, Raw, 0);
        if (fd < 0)
        {
            return -Marshal.GetLastPInvokeError();
        }

        using SafeFileHandle socket = new(fd, ownsHandle: true);
        Span<byte> message = stackalloc byte[HeaderSize + 32];
        message.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(message, HeaderSize + body.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], request);
        BinaryPrimitives.WriteUInt16LittleEndian(message[6..], Dump);
        body.CopyTo(message[HeaderSize..]);
        fixed (byte* bytes = message)
        {
            if (Libc.send(fd, bytes, (nuint)(HeaderSize + body.Length), 0) < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }
        }

        byte[] buffer = new byte[BufferSize];
        while (true)
        {
            nint length;
            fixed (byte* bytes = buffer)
            {
                length = Libc.recv(fd, bytes, BufferSize, 0);
            }

            if (length <= 0)
            {
                return length < 0 ? -Marshal.GetLastPInvokeError() : 0;
            }

            if (Read(buffer.AsSpan(0, (int)length), answer, reader) is { } end)
            {
                return end;
            }
        }
    }

    /// <summary>A socket that hears of changes; an invalid handle when the kernel refuses.</summary>
    /// <param name="groups">RTMGRP_ bits.</param>
    internal static SafeFileHandle Watch(uint groups)
    {
        int fd = Libc.socket(AddressFamily, Raw, 0);
        SafeFileHandle socket = new(fd, ownsHandle: fd >= 0);
        if (fd >= 0)
        {
            // struct sockaddr_nl: family, pad, port, groups.
            uint* address = stackalloc uint[3];
            address[0] = AddressFamily;
            address[1] = 0;
            address[2] = groups;
            if (Libc.bind(fd, address, 12) < 0)
            {
                socket.Dispose();
            }
        }

        return socket;
    }

    /// <summary>Empties a socket of <see cref="Watch"/>. True: something has changed since the last call.</summary>
    internal static bool Drain(SafeFileHandle socket)
    {
        byte* buffer = stackalloc byte[4096];
        bool any = false;
        while (true)
        {
            nint length = Libc.recv((int)socket.DangerousGetHandle(), buffer, 4096, DontWait);
            if (length <= 0)
            {
                // More changed than the socket could hold.
                if (length < 0 && Marshal.GetLastPInvokeError() == NoBufferSpace)
                {
                    any = true;
                    continue;
                }

                return any;
            }

            any = true;
        }
    }

    // Null: more is to come.
    private static int? Read(ReadOnlySpan<byte> bytes, ushort answer, Reader reader)
    {
        while (bytes.Length >= HeaderSize)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            ushort type = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
            if (length < HeaderSize || length > bytes.Length)
            {
                return null;
            }

            if (type == Done)
            {
                return 0;
            }

            if (type == Error)
            {
                return length >= HeaderSize + 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes[HeaderSize..]) : -1;
            }

            if (type == answer)
            {
                reader(bytes[HeaderSize..length]);
            }

            int step = (length + 3) & ~3;
            bytes = step >= bytes.Length ? [] : bytes[step..];
        }

        return null;
    }
}
