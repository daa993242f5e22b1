using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Tests.Harness;

/// <summary>A BPF array that can be made all zeros again with one system call (BPF_MAP_UPDATE_BATCH).</summary>
internal sealed partial class ZeroedArray
{
    private readonly SafeFileHandle _map;
    private readonly uint[] _keys;
    private readonly byte[] _values;

    /// <param name="map">The map.</param>
    /// <param name="entries">How many entries it has.</param>
    /// <param name="valueSize">Bytes of a value.</param>
    public ZeroedArray(SafeFileHandle map, int entries, int valueSize)
    {
        _map = map;
        _keys = [.. Enumerable.Range(0, entries).Select(i => (uint)i)];
        _values = new byte[entries * valueSize];
    }

    public void Clear()
    {
        uint count = (uint)_keys.Length;
        if (bpf_map_update_batch((int)_map.DangerousGetHandle(), _keys, _values, ref count, 0) is < 0 and int error)
        {
            throw new IOException($"BPF_MAP_UPDATE_BATCH: error {-error}");
        }
    }

    [LibraryImport("libbpf.so.1")]
    private static partial int bpf_map_update_batch(int fd, uint[] keys, byte[] values, ref uint count, nint options);
}
