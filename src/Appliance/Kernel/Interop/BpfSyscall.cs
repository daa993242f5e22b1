using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>Map and object calls over spans. Every method gives 0 or more, or -errno; nothing throws.</summary>
internal static unsafe class BpfSyscall
{
    internal static int Update(SafeFileHandle map, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        fixed (byte* k = key, v = value)
        {
            return Libbpf.bpf_map_update_elem(Fd(map), k, v, flags);
        }
    }

    internal static int Lookup(SafeFileHandle map, ReadOnlySpan<byte> key, Span<byte> value)
    {
        fixed (byte* k = key, v = value)
        {
            return Libbpf.bpf_map_lookup_elem(Fd(map), k, v);
        }
    }

    internal static int Delete(SafeFileHandle map, ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            return Libbpf.bpf_map_delete_elem(Fd(map), k);
        }
    }

    /// <summary>An empty key asks for the first one.</summary>
    internal static int NextKey(SafeFileHandle map, ReadOnlySpan<byte> key, Span<byte> next)
    {
        fixed (byte* k = key, n = next)
        {
            return Libbpf.bpf_map_get_next_key(Fd(map), key.IsEmpty ? null : k, n);
        }
    }

    /// <summary><paramref name="count"/>: how many to write; afterwards how many were.</summary>
    internal static int UpdateBatch(SafeFileHandle map, ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, ref uint count)
    {
        fixed (byte* k = keys, v = values)
        {
            fixed (uint* c = &count)
            {
                return Libbpf.bpf_map_update_batch(Fd(map), k, v, c, null);
            }
        }
    }

    internal static int DeleteBatch(SafeFileHandle map, ReadOnlySpan<byte> keys, ref uint count)
    {
        fixed (byte* k = keys)
        {
            fixed (uint* c = &count)
            {
                return Libbpf.bpf_map_delete_batch(Fd(map), k, c, null);
            }
        }
    }

    /// <summary>
    /// Reads the next batch. <paramref name="cursor"/> is empty-handed (all zero and <paramref name="first"/> true) at the start. -ENOENT with a
    /// count is the last batch, not an error.
    /// </summary>
    internal static int LookupBatch(SafeFileHandle map, bool first, Span<byte> cursor, Span<byte> keys, Span<byte> values, ref uint count)
    {
        fixed (byte* c = cursor, k = keys, v = values)
        {
            fixed (uint* n = &count)
            {
                return Libbpf.bpf_map_lookup_batch(Fd(map), first ? null : c, c, k, v, n, null);
            }
        }
    }

    /// <summary>A new map; on failure the handle is invalid and <paramref name="error"/> is -errno.</summary>
    internal static SafeFileHandle Create(MapKind kind, string name, int keySize, int valueSize, uint entries, uint flags, out int error)
    {
        Libbpf.MapCreateOptions options = new() { Size = (nuint)sizeof(Libbpf.MapCreateOptions), MapFlags = flags };
        int fd = Libbpf.bpf_map_create((int)kind, name, (uint)keySize, (uint)valueSize, entries, &options);
        error = fd < 0 ? fd : 0;
        return new SafeFileHandle(fd, ownsHandle: fd >= 0);
    }

    internal static int Pin(SafeFileHandle handle, string path) => Libbpf.bpf_obj_pin(Fd(handle), path);

    /// <summary>Opens a pinned map, program or link; an invalid handle when there is none.</summary>
    internal static SafeFileHandle Open(string path)
    {
        int fd = Libbpf.bpf_obj_get(path);
        return new SafeFileHandle(fd, ownsHandle: fd >= 0);
    }

    /// <summary>A map by the id that an outer map gives for its inner one; an invalid handle when it is gone.</summary>
    internal static SafeFileHandle OpenMap(uint id)
    {
        int fd = Libbpf.bpf_map_get_fd_by_id(id);
        return new SafeFileHandle(fd, ownsHandle: fd >= 0);
    }

    /// <summary>Type, key size, value size, entries and flags of a map.</summary>
    internal static bool TryDescribe(SafeFileHandle map, out MapShape shape)
    {
        uint* info = stackalloc uint[40];
        uint length = 40 * sizeof(uint);
        shape = default;
        if (Libbpf.bpf_obj_get_info_by_fd(Fd(map), info, &length) < 0)
        {
            return false;
        }

        // struct bpf_map_info: type, id, key_size, value_size, max_entries, map_flags.
        shape = new MapShape((MapKind)info[0], info[2], info[3], info[4], info[5]);
        return true;
    }

    internal static int PossibleCpus() => Libbpf.libbpf_num_possible_cpus();

    internal static uint InterfaceIndex(string name) => Libc.if_nametoindex(name);

    internal static bool IsRoot() => Libc.geteuid() == 0;

    /// <summary>Nanoseconds since boot, suspend included: the clock of every expiry in the kernel.</summary>
    internal static ulong BootNanoseconds()
    {
        const int ClockBoottime = 7;
        Libc.TimeSpec time;
        Libc.clock_gettime(ClockBoottime, &time);
        return ((ulong)time.Seconds * 1_000_000_000) + (ulong)time.Nanoseconds;
    }

    private static int Fd(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
