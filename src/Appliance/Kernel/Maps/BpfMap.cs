using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Blackwall.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Maps;

/// <summary>A kernel map with typed keys and values; the sizes are compared with the map's own when it is wrapped.</summary>
internal sealed class BpfMap<TKey, TValue> : IDisposable
    where TKey : unmanaged
    where TValue : unmanaged
{
    /// <summary>Entries in one batch call: large enough that the call does not count, small enough to stay in cache.</summary>
    private const int BatchSize = 16_384;

    public BpfMap(SafeFileHandle handle, string name)
    {
        Handle = handle;
        Name = name;
        if (!BpfSyscall.TryDescribe(handle, out MapShape shape) || shape.KeySize != Unsafe.SizeOf<TKey>() || shape.ValueSize != Unsafe.SizeOf<TValue>())
        {
            throw new KernelException($"Map {name} has not the layout that this appliance knows.");
        }

        Capacity = shape.Entries;
    }

    public SafeFileHandle Handle { get; }

    public string Name { get; }

    public uint Capacity { get; }

    public static BpfMap<TKey, TValue> Create(MapKind kind, string name, uint entries, uint flags = 0)
    {
        SafeFileHandle handle = BpfSyscall.Create(kind, name, Unsafe.SizeOf<TKey>(), Unsafe.SizeOf<TValue>(), entries, flags, out int error);
        return error == 0 ? new BpfMap<TKey, TValue>(handle, name) : throw new KernelException($"Cannot create map {name} of {entries} entries.", -error);
    }

    public bool TryGet(in TKey key, out TValue value)
    {
        Unsafe.SkipInit(out value);
        return BpfSyscall.Lookup(Handle, Bytes(in key), MemoryMarshal.AsBytes(new Span<TValue>(ref value))) == 0;
    }

    /// <summary>False: the map is full.</summary>
    public bool TrySet(in TKey key, in TValue value)
    {
        int result = BpfSyscall.Update(Handle, Bytes(in key), Bytes(in value), 0);
        return result switch
        {
            0 => true,
            -Errno.TooBig or -Errno.NoSpace or -Errno.NoMemory => false,
            _ => throw new KernelException($"Cannot write to map {Name}.", -result),
        };
    }

    public void Set(in TKey key, in TValue value)
    {
        if (!TrySet(in key, in value))
        {
            throw new KernelException($"Map {Name} is full.", Errno.TooBig);
        }
    }

    /// <summary>False: it was not there.</summary>
    /// <exception cref="KernelException">It is there and stays.</exception>
    public bool Remove(in TKey key)
    {
        int result = BpfSyscall.Delete(Handle, Bytes(in key));
        return result is 0 or -Errno.NoEntry ? result == 0 : throw new KernelException($"Cannot remove from map {Name}.", -result);
    }

    /// <summary>Moves out keys that follow the last one moved out; an empty list: that was all, and the next call begins anew. Whatever is added or goes
    /// meanwhile may be missed or come twice.</summary>
    /// <param name="cursor">Null: from the first one.</param>
    /// <param name="max">At most this many.</param>
    public List<TKey> Keys(ref TKey? cursor, int max)
    {
        List<TKey> keys = [];
        TKey key = cursor ?? default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<TKey>(ref key));
        for (bool first = cursor is null; keys.Count < max && BpfSyscall.NextKey(Handle, first ? [] : bytes, bytes) == 0; first = false)
        {
            keys.Add(key);
        }

        cursor = keys.Count == 0 ? null : keys[^1];
        return keys;
    }

    /// <summary>Writes all pairs, replacing what is there. False: the map is full; some may have been written.</summary>
    public bool TrySetBatch(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values)
    {
        for (int done = 0; done < keys.Length;)
        {
            int size = Math.Min(BatchSize, keys.Length - done);
            uint count = (uint)size;
            int result = BpfSyscall.UpdateBatch(Handle, MemoryMarshal.AsBytes(keys.Slice(done, size)), MemoryMarshal.AsBytes(values.Slice(done, size)), ref count);
            if (result is -Errno.TooBig or -Errno.NoSpace or -Errno.NoMemory)
            {
                return false;
            }

            if (result < 0)
            {
                throw new KernelException($"Cannot write to map {Name}.", -result);
            }

            done += size;
        }

        return true;
    }

    public void RemoveBatch(ReadOnlySpan<TKey> keys)
    {
        uint count = (uint)keys.Length;
        _ = BpfSyscall.DeleteBatch(Handle, MemoryMarshal.AsBytes(keys), ref count);
    }

    /// <summary>Everything in the map at about this moment; a table that changes meanwhile may repeat or miss an entry.</summary>
    public List<KeyValuePair<TKey, TValue>> ReadAll()
    {
        List<KeyValuePair<TKey, TValue>> all = [];
        TKey key = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<TKey>(ref key));
        int found = BpfSyscall.NextKey(Handle, [], bytes);
        for (uint steps = 0; found == 0 && steps <= Capacity; steps++)
        {
            if (TryGet(in key, out TValue value))
            {
                all.Add(new(key, value));
            }

            found = BpfSyscall.NextKey(Handle, bytes, bytes);
        }

        return all;
    }

    public void Dispose() => Handle.Dispose();

    private static ReadOnlySpan<byte> Bytes<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));
}
