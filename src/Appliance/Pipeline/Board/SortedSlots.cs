namespace Blackwall.Pipeline.Board;

/// <summary>What a slot is sorted by.</summary>
internal interface ISlotKey<out TKey>
{
    TKey KeyOf(int slot);
}

/// <summary>
/// Slot numbers in the order of their rows' keys, in blocks of at most 512: about 5 bytes a slot, O(log n) to find, one short
/// memory move to insert or remove, and a walk in order that touches memory in order. Keys are unique. Not thread-safe.
/// </summary>
internal sealed class SortedSlots<TKey, TSource>(TSource source)
    where TKey : struct, IComparable<TKey>
    where TSource : struct, ISlotKey<TKey>
{
    public const int BlockSize = 512;

    private sealed class Block
    {
        public readonly int[] Slots = new int[BlockSize];
        public int Count;
    }

    private readonly List<Block> _blocks = [];

    public int Count { get; private set; }

    /// <summary>A place between slots, valid until the next change.</summary>
    public readonly record struct Position(int Block, int Index);

    /// <summary>Replaces everything by slots that are in order already.</summary>
    public void Load(ReadOnlySpan<int> ordered)
    {
        _blocks.Clear();
        Count = ordered.Length;
        while (!ordered.IsEmpty)
        {
            // Three quarters full: the first insertions shall not split every block.
            int take = Math.Min(ordered.Length, BlockSize * 3 / 4);
            Block block = new() { Count = take };
            ordered[..take].CopyTo(block.Slots);
            _blocks.Add(block);
            ordered = ordered[take..];
        }
    }

    public void Add(int slot)
    {
        TKey key = source.KeyOf(slot);
        if (_blocks.Count == 0)
        {
            _blocks.Add(new Block());
        }

        // Ids only ever arrive at the end.
        Block last = _blocks[^1];
        bool atEnd = last.Count == 0 || source.KeyOf(last.Slots[last.Count - 1]).CompareTo(key) < 0;
        Position at = atEnd ? new Position(_blocks.Count - 1, last.Count) : LowerBound(key);

        Block block = _blocks[at.Block];
        if (block.Count == BlockSize)
        {
            at = Split(at);
            block = _blocks[at.Block];
        }

        Array.Copy(block.Slots, at.Index, block.Slots, at.Index + 1, block.Count - at.Index);
        block.Slots[at.Index] = slot;
        block.Count++;
        Count++;
    }

    /// <summary>The slots of one block after the other, in order; a span is valid until the next change.</summary>
    public bool TryNextBlock(ref int block, out ReadOnlySpan<int> slots)
    {
        slots = block < _blocks.Count ? _blocks[block].Slots.AsSpan(0, _blocks[block].Count) : default;
        return block++ < _blocks.Count;
    }

    /// <summary>The row must still hold its key.</summary>
    public void Remove(int slot)
    {
        Position at = LowerBound(source.KeyOf(slot));
        Block block = _blocks[at.Block];
        block.Count--;
        Array.Copy(block.Slots, at.Index + 1, block.Slots, at.Index, block.Count - at.Index);
        if (block.Count == 0)
        {
            _blocks.RemoveAt(at.Block);
        }

        Count--;
    }

    /// <summary>The first place whose key is not smaller.</summary>
    public Position LowerBound(TKey key)
    {
        int low = 0;
        int high = _blocks.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            Block candidate = _blocks[middle];
            if (source.KeyOf(candidate.Slots[candidate.Count - 1]).CompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == _blocks.Count)
        {
            return new Position(low, 0);
        }

        Block block = _blocks[low];
        int first = 0;
        int last = block.Count;
        while (first < last)
        {
            int middle = (first + last) >>> 1;
            if (source.KeyOf(block.Slots[middle]).CompareTo(key) < 0)
            {
                first = middle + 1;
            }
            else
            {
                last = middle;
            }
        }

        return new Position(low, first);
    }

    /// <summary>Reads the slot at this place and steps on.</summary>
    public bool TryNext(ref Position position, out int slot)
    {
        if (position.Block >= _blocks.Count)
        {
            slot = -1;
            return false;
        }

        Block block = _blocks[position.Block];
        slot = block.Slots[position.Index];
        position = position.Index + 1 < block.Count ? position with { Index = position.Index + 1 } : new Position(position.Block + 1, 0);
        return true;
    }

    /// <summary>Steps back and reads the slot there.</summary>
    public bool TryPrevious(ref Position position, out int slot)
    {
        if (position.Index > 0)
        {
            position = position with { Index = position.Index - 1 };
        }
        else if (position.Block > 0)
        {
            position = new Position(position.Block - 1, _blocks[position.Block - 1].Count - 1);
        }
        else
        {
            slot = -1;
            return false;
        }

        slot = _blocks[position.Block].Slots[position.Index];
        return true;
    }

    private Position Split(Position at)
    {
        Block full = _blocks[at.Block];
        Block upper = new();

        // What grows at the end leaves the full block behind and starts the next one empty, else every block stayed half empty.
        int keep = at.Block == _blocks.Count - 1 && at.Index == full.Count ? BlockSize : BlockSize / 2;
        upper.Count = BlockSize - keep;
        Array.Copy(full.Slots, keep, upper.Slots, 0, upper.Count);
        full.Count = keep;
        _blocks.Insert(at.Block + 1, upper);
        return at.Index >= keep ? new Position(at.Block + 1, at.Index - keep) : at;
    }
}
