using System.Numerics;

namespace Blackwall.Behavior.Memory;

/// <summary>A bounded hash table of structs. Full: the entry longest untouched goes (second chance), which is counted.</summary>
internal sealed class BoundedTable<TKey, TEntry>(int capacity, ulong seed)
    where TKey : struct, IEquatable<TKey>, IHashed
    where TEntry : struct
{
    public delegate void Visitor(in TKey key, in TEntry entry);

    // Slot + 1; 0 ends a chain.
    private readonly int[] _heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private readonly Slab<Node> _nodes = new(capacity);
    private long _evicted;

    public int Count => _nodes.Count;

    public long Evicted => Volatile.Read(ref _evicted);

    public ref TEntry this[int slot] => ref _nodes[slot].Entry;

    public bool TryFind(TKey key, out int slot)
    {
        slot = Find(key);
        if (slot >= 0)
        {
            _nodes.Touch(slot);
        }

        return slot >= 0;
    }

    /// <summary>The entry of a key, made empty when there is none. Valid until the next call that may add.</summary>
    public ref TEntry FindOrAdd(TKey key, out bool isNew)
    {
        int slot = Find(key);
        isNew = slot < 0;
        if (isNew)
        {
            slot = Add(key);
        }
        else
        {
            _nodes.Touch(slot);
        }

        return ref _nodes[slot].Entry;
    }

    public void Remove(TKey key)
    {
        int slot = Find(key);
        if (slot >= 0)
        {
            Remove(slot);
        }
    }

    /// <summary>Number of chains, for <see cref="Visit"/>.</summary>
    public int Chains => _heads.Length;

    /// <summary>Shows every entry of some chains.</summary>
    public void Visit(int from, int to, Visitor visitor)
    {
        for (int chain = from; chain < Math.Min(to, _heads.Length); chain++)
        {
            for (int link = _heads[chain]; link != 0; link = _nodes[link - 1].Next)
            {
                visitor(in _nodes[link - 1].Key, in _nodes[link - 1].Entry);
            }
        }
    }

    private int Find(TKey key)
    {
        for (int link = _heads[Bucket(key)]; link != 0; link = _nodes[link - 1].Next)
        {
            if (_nodes[link - 1].Key.Equals(key))
            {
                return link - 1;
            }
        }

        return -1;
    }

    private int Add(TKey key)
    {
        if (!_nodes.TryTake(out int slot))
        {
            Remove(_nodes.Victim());
            Volatile.Write(ref _evicted, _evicted + 1);
            _nodes.TryTake(out slot);
        }

        ref int head = ref _heads[Bucket(key)];
        ref Node node = ref _nodes[slot];
        node = new Node { Key = key, Next = head };
        head = slot + 1;
        return slot;
    }

    private void Remove(int slot)
    {
        ref Node node = ref _nodes[slot];
        ref int link = ref _heads[Bucket(node.Key)];
        while (link != slot + 1)
        {
            link = ref _nodes[link - 1].Next;
        }

        link = node.Next;
        _nodes.Release(slot);
    }

    private int Bucket(TKey key) => (int)(key.Hash(seed) >> 32) & (_heads.Length - 1);

    private struct Node
    {
        public TKey Key;
        public int Next;
        public TEntry Entry;
    }
}
