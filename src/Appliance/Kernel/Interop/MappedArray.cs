using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>An array map made with BPF_F_MMAPABLE, written in place: no system call a value. Values are 8 bytes apart.</summary>
internal sealed unsafe class MappedArray : IDisposable
{
    private readonly byte* _memory;
    private readonly nuint _length;
    private readonly int _count;
    private bool _disposed;

    internal MappedArray(SafeFileHandle map)
    {
        if (!BpfSyscall.TryDescribe(map, out MapShape shape))
        {
            throw new KernelException("This is no map.");
        }

        _count = (int)shape.Entries;
        nuint page = (nuint)Environment.SystemPageSize;
        _length = (((nuint)_count * 8) + page - 1) / page * page;
        _memory = (byte*)Libc.mmap(null, _length, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, (int)map.DangerousGetHandle(), 0);
        if ((nint)_memory == -1)
        {
            throw new KernelException("An array map cannot be mapped.");
        }
    }

    internal Span<ulong> Words => new(_memory, _count);

    internal void Write(int index, ulong value) => Volatile.Write(ref Unsafe.AsRef<ulong>(_memory + ((nuint)index * 8)), value);

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Libc.munmap(_memory, _length);
        }
    }
}
