using System.Runtime.InteropServices;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Which slots each owner has, 8 bytes a claim: to add, remove and copy out without looking at anybody else's. Not thread-safe.</summary>
internal sealed class OwnerSlots(ClaimRows rows)
{
    private readonly Dictionary<uint, List<int>> _owned = [];

    // Where in its owner's list each slot lies.
    private int[] _places = [];

    public int CountOf(Origin origin, ushort owner) => _owned.TryGetValue(KeyOf((byte)origin, owner), out List<int>? slots) ? slots.Count : 0;

    /// <summary>A copy of the slots of one owner, in no order.</summary>
    public int[] Copy(Origin origin, ushort owner) => _owned.TryGetValue(KeyOf((byte)origin, owner), out List<int>? slots) ? [.. slots] : [];

    /// <summary>Owners of this origin that have any.</summary>
    public IEnumerable<ushort> Names(Origin origin) => _owned.Keys.Where(key => key >> 16 == (uint)origin).Select(key => (ushort)key);

    public void Add(int slot)
    {
        if (slot >= _places.Length)
        {
            Array.Resize(ref _places, Math.Max(1024, Math.Max(slot + 1, _places.Length * 2)));
        }

        ref ClaimRow row = ref rows[slot];
        ref List<int>? slots = ref CollectionsMarshal.GetValueRefOrAddDefault(_owned, KeyOf(row.OriginCode, row.Owner), out _);
        slots ??= [];
        _places[slot] = slots.Count;
        slots.Add(slot);
    }

    public void Remove(int slot)
    {
        ref ClaimRow row = ref rows[slot];
        uint key = KeyOf(row.OriginCode, row.Owner);
        List<int> slots = _owned[key];
        int last = slots[^1];
        slots[_places[slot]] = last;
        _places[last] = _places[slot];
        slots.RemoveAt(slots.Count - 1);
        if (slots.Count == 0)
        {
            _owned.Remove(key);
        }
    }

    private static uint KeyOf(byte origin, ushort owner) => ((uint)origin << 16) | owner;
}
