using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Maps;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Policy;

/// <summary>
/// The records of what holds after the first decision of an entry, of one generation. Keys are never used twice within a generation, so a
/// packet that read the old entry never finds the record of another one.
/// </summary>
internal sealed class LaterTable : IDisposable
{
    private const uint NoPrealloc = 1;
    private const int Headroom = 65_536;

    private readonly BpfMap<uint, LaterValue> _map;
    private readonly Dictionary<Prefix, uint> _keys = [];
    private uint _last;

    /// <param name="values">Records to begin with; the first one has key 1.</param>
    /// <param name="scopes">Whose they are.</param>
    public LaterTable(ReadOnlySpan<LaterValue> values, ReadOnlySpan<Prefix> scopes)
    {
        _map = BpfMap<uint, LaterValue>.Create(MapKind.Hash, "later", (uint)((values.Length * 2) + Headroom), NoPrealloc);
        uint[] keys = new uint[values.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = ++_last;
            _keys[scopes[i]] = keys[i];
        }

        Filled = _map.TrySetBatch(keys, values);
    }

    /// <summary>False: the kernel had no room for the first records.</summary>
    public bool Filled { get; }

    /// <summary>Writes a record under a new key, 0 for an empty one. False: the table is full.</summary>
    public bool TryAdd(in PolicyEntry entry, in ClockPair clock, out uint key)
    {
        key = 0;
        if (entry.Later.IsEmpty)
        {
            return true;
        }

        LaterValue value = PolicyConversion.ToLater(entry.Later, in clock);
        key = ++_last;
        return _map.TrySet(in key, in value);
    }

    /// <summary>The entry of this scope uses this record now, 0: none; the one before goes.</summary>
    public void Assign(Prefix scope, uint key)
    {
        if (_keys.Remove(scope, out uint before))
        {
            _map.Remove(in before);
        }

        if (key != 0)
        {
            _keys[scope] = key;
        }
    }

    /// <summary>Replaces in a value what has ended by what holds now. False: everything has ended.</summary>
    public bool TryResolve(ref PolicyValue value, ulong bootNanoseconds)
    {
        if (value.ExpiryNanoseconds == 0 || bootNanoseconds < value.ExpiryNanoseconds)
        {
            return true;
        }

        uint key = value.Later;
        return key != 0 && _map.TryGet(in key, out LaterValue later) && PolicyConversion.TryResolve(ref value, in later, bootNanoseconds);
    }

    /// <summary>All that a value and its record say from a time on.</summary>
    public void Unroll(in PolicyValue value, ulong bootNanoseconds, List<SpanValue> into)
    {
        PolicyConversion.Add(into, new SpanValue { Action = value.Action, Rank = value.Rank, DecisionId = value.DecisionId, ExpiryNanoseconds = value.ExpiryNanoseconds, Used = 1 }, bootNanoseconds);
        uint key = value.Later;
        if (key != 0 && _map.TryGet(in key, out LaterValue later))
        {
            foreach (ref readonly SpanValue span in (ReadOnlySpan<SpanValue>)later.Span)
            {
                PolicyConversion.Add(into, in span, bootNanoseconds);
            }
        }
    }

    /// <summary>Puts this table into a slot of its outer map.</summary>
    public void Install(BpfMap<uint, uint> outer, uint slot) => OuterMaps.Install(outer, slot, _map.Handle);

    public void Dispose() => _map.Dispose();
}
