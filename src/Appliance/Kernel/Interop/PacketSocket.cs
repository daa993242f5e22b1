using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>
/// A packet socket with a TPACKET_V3 ring, read where it lies (packet(7), Documentation/networking/packet_mmap.rst of the kernel). The filter is
/// in place before the socket is bound, so no packet that it refuses is ever in the ring. One reader at a time.
/// </summary>
internal sealed unsafe class PacketSocket : IDisposable
{
    private const int Packet = 17;           // AF_PACKET
    private const int Raw = 3 | 0x80000;     // SOCK_RAW | SOCK_CLOEXEC
    private const int SocketLevel = 1;       // SOL_SOCKET
    private const int AttachBpf = 50;        // SO_ATTACH_BPF
    private const int PacketLevel = 263;     // SOL_PACKET
    private const int ReceiveRing = 5;       // PACKET_RX_RING
    private const int Statistics = 6;        // PACKET_STATISTICS
    private const int Version = 10;          // PACKET_VERSION
    private const int Version3 = 2;          // TPACKET_V3
    private const ushort EveryProtocol = 3;  // ETH_P_ALL
    private const uint UserOwned = 1;        // TP_STATUS_USER
    private const uint VlanValid = 1 << 4;   // TP_STATUS_VLAN_VALID
    private const uint VlanTypeValid = 1 << 6;
    private const byte Outgoing = 4;         // PACKET_OUTGOING
    private const int BlockSize = 128 * 1024;
    private const int AddressOffset = 48;    // TPACKET3 header, aligned; sockaddr_ll follows
    private const int MacBytes = 12;
    private const int TagBytes = 4;

    private readonly int _fd;
    private readonly byte* _ring;
    private readonly int _blocks;
    private readonly byte[] _tagged = new byte[BlockSize];
    private int _next;
    private bool _disposed;

    private PacketSocket(int fd, byte* ring, int blocks)
    {
        _fd = fd;
        _ring = ring;
        _blocks = blocks;
    }

    /// <summary>Takes one frame; the span is valid only during the call.</summary>
    internal interface ISink
    {
        /// <param name="unixNanoseconds">When the kernel saw it.</param>
        /// <param name="length">Bytes on the wire.</param>
        /// <param name="outgoing">Whether this machine sent it out of the interface.</param>
        /// <param name="frame">Its head, from the Ethernet header on.</param>
        void OnFrame(long unixNanoseconds, int length, bool outgoing, ReadOnlySpan<byte> frame);
    }

    /// <summary>Opens, filters and binds.</summary>
    /// <exception cref="KernelException">The kernel refuses: no CAP_NET_RAW, no memory, no such interface.</exception>
    internal static PacketSocket Open(SafeFileHandle filter, uint ifindex, int megabytes)
    {
        int fd = Libc.socket(Packet, Raw, 0);
        if (fd < 0)
        {
            throw new KernelException("A packet socket cannot be opened; it needs root or CAP_NET_RAW.", Marshal.GetLastPInvokeError());
        }

        try
        {
            int program = (int)filter.DangerousGetHandle();
            Set(fd, SocketLevel, AttachBpf, &program, sizeof(int), "does not take its filter");
            int version = Version3;
            Set(fd, PacketLevel, Version, &version, sizeof(int), "does not speak TPACKET_V3");

            // struct tpacket_req3: block size and count, frame size and count, retire timeout (ms), private bytes, features.
            int blocks = Math.Max(2, megabytes * 1024 * 1024 / BlockSize);
            uint* request = stackalloc uint[7] { BlockSize, (uint)blocks, 2048, (uint)(blocks * (BlockSize / 2048)), 50, 0, 0 };
            Set(fd, PacketLevel, ReceiveRing, request, 7 * sizeof(uint), "gets no ring");
            byte* ring = (byte*)Libc.mmap(null, (nuint)blocks * BlockSize, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, fd, 0);
            if ((nint)ring == -1)
            {
                throw new KernelException("The packet socket's ring cannot be mapped.", Marshal.GetLastPInvokeError());
            }

            PacketSocket opened = new(fd, ring, blocks);
            opened.Bind(ifindex);
            return opened;
        }
        catch
        {
            _ = Libc.close(fd);
            throw;
        }
    }

    /// <summary>Binds to an interface; again after it was gone and came back under another index.</summary>
    internal void Bind(uint ifindex)
    {
        // struct sockaddr_ll: family, protocol in network order, interface, hardware type, packet type, address length, address.
        byte* address = stackalloc byte[20];
        Span<byte> bytes = new(address, 20);
        bytes.Clear();
        MemoryMarshal.Write(bytes, (ushort)Packet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], EveryProtocol);
        MemoryMarshal.Write(bytes[4..], ifindex);
        if (Libc.bind(_fd, address, 20) < 0)
        {
            throw new KernelException("The packet socket cannot be bound to the interface.", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Sleeps until a block is ready, at most so long.</summary>
    internal void Wait(int milliseconds)
    {
        Libc.PollFd poll = new() { Fd = _fd, Events = Libc.PollIn };
        _ = Libc.poll(&poll, 1, milliseconds);
    }

    /// <summary>Hands out every block that is ready; allocates nothing. Returns how many frames.</summary>
    internal int Drain<TSink>(ref TSink sink)
        where TSink : struct, ISink
    {
        int taken = 0;
        for (int blocks = 0; blocks < _blocks; blocks++)
        {
            byte* block = _ring + ((nint)_next * BlockSize);

            // struct tpacket_block_desc: version, offset to private; then block_status, num_pkts, offset_to_first_pkt.
            if ((Volatile.Read(ref *(uint*)(block + 8)) & UserOwned) == 0)
            {
                break;
            }

            uint count = *(uint*)(block + 12);
            byte* header = block + *(uint*)(block + 16);
            for (uint i = 0; i < count; i++)
            {
                Hand(ref sink, header);
                taken++;
                header += *(uint*)header;
            }

            Volatile.Write(ref *(uint*)(block + 8), 0);
            _next = (_next + 1) % _blocks;
        }

        return taken;
    }

    /// <summary>Frames that did not fit the ring since the last call.</summary>
    internal long Lost()
    {
        // struct tpacket_stats_v3: packets, drops, freezes. Reading it sets it back.
        uint* counters = stackalloc uint[3];
        uint length = 3 * sizeof(uint);
        return Libc.getsockopt(_fd, PacketLevel, Statistics, counters, &length) < 0 ? 0 : counters[1];
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Libc.munmap(_ring, (nuint)_blocks * BlockSize);
            _ = Libc.close(_fd);
        }
    }

    private static void Set(int fd, int level, int name, void* value, uint length, string failure)
    {
        if (Libc.setsockopt(fd, level, name, value, length) < 0)
        {
            throw new KernelException($"The packet socket {failure}.", Marshal.GetLastPInvokeError());
        }
    }

    // struct tpacket3_hdr: next offset, seconds, nanoseconds, kept, length, status, mac offset (16 bit), net offset, rxhash, tci, tag type (16 bit).
    private void Hand<TSink>(ref TSink sink, byte* header)
        where TSink : struct, ISink
    {
        uint* words = (uint*)header;
        long time = (words[1] * 1_000_000_000L) + words[2];
        ReadOnlySpan<byte> frame = new(header + *(ushort*)(header + 24), (int)words[3]);
        int length = (int)words[4];
        bool outgoing = header[AddressOffset + 10] == Outgoing;
        if ((words[5] & VlanValid) != 0 && frame.Length > MacBytes && frame.Length + TagBytes <= _tagged.Length)
        {
            // The device took the tag off; on the wire it was there.
            frame[..MacBytes].CopyTo(_tagged);
            BinaryPrimitives.WriteUInt16BigEndian(_tagged.AsSpan(MacBytes), (words[5] & VlanTypeValid) != 0 ? *(ushort*)(header + 36) : (ushort)0x8100);
            BinaryPrimitives.WriteUInt16BigEndian(_tagged.AsSpan(MacBytes + 2), (ushort)words[8]);
            frame[MacBytes..].CopyTo(_tagged.AsSpan(MacBytes + TagBytes));
            sink.OnFrame(time, length + TagBytes, outgoing, _tagged.AsSpan(0, frame.Length + TagBytes));
            return;
        }

        sink.OnFrame(time, length, outgoing, frame);
    }
}
