using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Maps;

namespace Blackwall.Kernel.Policy;

/// <summary>One inner map of a generation: filled in one batch at its birth, changed entry by entry afterwards.</summary>
internal sealed class PolicyTable<TKey> : IDisposable
    where TKey : unmanaged
{
    private const uint NoPrealloc = 1;
    private readonly BpfMap<TKey, PolicyValue> _map;

    /// <param name="name">Name of the outer map.</param>
    /// <param name="kind">Hash, preallocated, or trie.</param>
    /// <param name="expected">Entries it begins with; room for a quarter more and <paramref name="headroom"/> is made.</param>
    /// <param name="headroom">Entries that single changes may add before a new generation is due.</param>
    public PolicyTable(string name, MapKind kind, int expected, int headroom)
    {
        Name = name;
        uint entries = (uint)(expected + (expected / 4) + headroom);
        _map = BpfMap<TKey, PolicyValue>.Create(kind, name.ToLowerInvariant(), entries, kind == MapKind.LpmTrie ? NoPrealloc : 0);
    }

    public string Name { get; }

    public BpfMap<TKey, PolicyValue> Map => _map;

    public bool TryFill(ReadOnlySpan<TKey> keys, ReadOnlySpan<PolicyValue> values) => _map.TrySetBatch(keys, values);

    public bool TrySet(in TKey key, in PolicyValue value) => _map.TrySet(in key, in value);

    public void Remove(in TKey key) => _map.Remove(in key);

    /// <summary>
    /// Empties the table in slices before the last reference goes: freeing a trie of a million entries at once holds a CPU for seconds.
    /// </summary>
    public void Retire(ReadOnlySpan<TKey> keys, int slice, Action pause)
    {
        for (int done = 0; done < keys.Length; done += slice)
        {
            _map.RemoveBatch(keys.Slice(done, Math.Min(slice, keys.Length - done)));
            pause();
        }
    }

    /// <summary>Puts this table into a slot of its outer map.</summary>
    public void Install(BpfMap<uint, uint> outer, uint slot)
    {
        uint fd = (uint)_map.Handle.DangerousGetHandle();
        outer.Set(in slot, in fd);
    }

    public void Dispose() => _map.Dispose();
}
