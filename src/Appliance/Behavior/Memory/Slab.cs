namespace Blackwall.Behavior.Memory;

/// <summary>
/// A bounded array of structs that grows by segments, so that growing copies nothing and references stay valid. Slots are handed out once
/// and reused; when all are taken, the clock hand takes one back that was not touched since it last came by (second chance).
/// </summary>
internal sealed class Slab<T>(int capacity)
    where T : struct
{
    private const int SegmentBits = 12;
    private const int SegmentSize = 1 << SegmentBits;
    private const int SegmentMask = SegmentSize - 1;

    private readonly T[]?[] _segments = new T[(capacity + SegmentMask) >> SegmentBits][];
    private readonly ulong[]?[] _touched = new ulong[(capacity + SegmentMask) >> SegmentBits][];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _used;
    private int _hand;

    public int Count => _used - _freeCount;

    public ref T this[int slot] => ref _segments[slot >> SegmentBits]![slot & SegmentMask];

    /// <summary>A slot that nobody holds, or false when all are held: then <see cref="Victim"/> says which to give up.</summary>
    public bool TryTake(out int slot)
    {
        if (_freeCount > 0)
        {
            slot = _free[--_freeCount];
            return true;
        }

        slot = _used;
        if (_used == capacity)
        {
            return false;
        }

        if ((_used & SegmentMask) == 0)
        {
            _segments[_used >> SegmentBits] ??= new T[SegmentSize];
            _touched[_used >> SegmentBits] ??= new ulong[SegmentSize / 64];
        }

        _used++;
        return true;
    }

    public void Release(int slot)
    {
        this[slot] = default;
        _touched[slot >> SegmentBits]![(slot & SegmentMask) >> 6] &= ~(1UL << slot);
        if (_freeCount == _free.Length)
        {
            Array.Resize(ref _free, _free.Length * 2);
        }

        _free[_freeCount++] = slot;
    }

    public void Touch(int slot) => _touched[slot >> SegmentBits]![(slot & SegmentMask) >> 6] |= 1UL << slot;

    /// <summary>Only meaningful when no slot is free. Each step of the hand takes one second chance away, so it ends.</summary>
    public int Victim()
    {
        while (true)
        {
            int slot = _hand;
            _hand = _hand + 1 == capacity ? 0 : _hand + 1;
            ref ulong word = ref _touched[slot >> SegmentBits]![(slot & SegmentMask) >> 6];
            ulong bit = 1UL << slot;
            if ((word & bit) == 0)
            {
                return slot;
            }

            word &= ~bit;
        }
    }
}
