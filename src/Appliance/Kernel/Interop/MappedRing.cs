using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>
/// A BPF ring buffer read where it lies: the consumer page is mapped writable, producer page and data (twice, so that no record wraps)
/// read-only. One reader at a time. Layout: Documentation/bpf/ringbuf.rst of the kernel.
/// </summary>
public sealed unsafe class MappedRing : IDisposable
{
    private const uint BusyBit = 1u << 31;
    private const uint DiscardBit = 1u << 30;
    private const int HeaderSize = 8;

    private readonly nuint _pageSize = (nuint)Environment.SystemPageSize;
    private readonly nuint _size;
    private readonly ulong _mask;
    private readonly byte* _consumer;
    private readonly byte* _producer;
    private readonly byte* _data;
    private bool _disposed;

    internal MappedRing(SafeFileHandle map)
    {
        if (!BpfSyscall.TryDescribe(map, out MapShape shape) || shape.Kind != MapKind.RingBuffer)
        {
            throw new KernelException("This is no ring buffer.");
        }

        _size = shape.Entries;
        _mask = shape.Entries - 1;
        int fd = (int)map.DangerousGetHandle();
        _consumer = (byte*)Libc.mmap(null, _pageSize, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, fd, 0);
        _producer = (byte*)Libc.mmap(null, _pageSize + (2 * _size), Libc.ProtRead, Libc.MapShared, fd, (nint)_pageSize);
        if ((nint)_consumer == -1 || (nint)_producer == -1)
        {
            throw new KernelException("A ring buffer cannot be mapped.");
        }

        _data = _producer + _pageSize;
        Fd = fd;
    }

    /// <summary>Takes one record; the span is valid only during the call.</summary>
    public interface ISink
    {
        void OnRecord(ReadOnlySpan<byte> record);
    }

    internal int Fd { get; }

    /// <summary>Bytes that wait.</summary>
    public ulong Backlog => Volatile.Read(ref *(ulong*)_producer) - Volatile.Read(ref *(ulong*)_consumer);

    /// <summary>Hands out at most <paramref name="limit"/> records in order; allocates nothing. Returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Drain<TSink>(ref TSink sink, int limit = int.MaxValue)
        where TSink : struct, ISink
    {
        int taken = 0;
        ulong consumer = *(ulong*)_consumer;
        while (taken < limit && consumer < Volatile.Read(ref *(ulong*)_producer))
        {
            byte* header = _data + (consumer & _mask);
            uint length = Volatile.Read(ref *(uint*)header);
            if ((length & BusyBit) != 0)
            {
                break;
            }

            if ((length & DiscardBit) == 0)
            {
                sink.OnRecord(new ReadOnlySpan<byte>(header + HeaderSize, (int)length));
                taken++;
            }

            consumer += ((length & ~DiscardBit) + HeaderSize + 7) & ~7ul;
            Volatile.Write(ref *(ulong*)_consumer, consumer);
        }

        return taken;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Libc.munmap(_consumer, _pageSize);
            _ = Libc.munmap(_producer, _pageSize + (2 * _size));
        }
    }
}
