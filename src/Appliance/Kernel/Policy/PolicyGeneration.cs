using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Policy;

/// <summary>One whole policy in the kernel: seven tables and two bitmaps that come into force together.</summary>
internal sealed class PolicyGeneration : IDisposable
{
    private const int HostHeadroom = 16_384;
    private const int PrefixHeadroom = 1_000_000;
    private const int AllowHeadroom = 4_096;

    private readonly PolicyTable<RawAddress4> _allow4;
    private readonly PolicyTable<RawAddress> _allow6;
    private readonly PolicyTable<RawAddress4> _hosts4;
    private readonly PolicyTable<RawAddress> _hosts6;
    private readonly PolicyTable<Prefix4Key> _prefixes4;
    private readonly PolicyTable<Prefix6Key> _prefixes6;
    private readonly LaterTable _later;

    // Kept for Retire; the rest of the batch would be tens of megabytes that nobody reads again.
    private readonly Prefix4Key[] _born4;
    private readonly Prefix6Key[] _born6;
    private readonly Bitmap4 _bitmap4 = new();
    private readonly Bitmap6 _bitmap6 = new();

    public PolicyGeneration(PolicyBatch batch)
    {
        _born4 = batch.Prefixes4.Keys.ToArray();
        _born6 = batch.Prefixes6.Keys.ToArray();
        _allow4 = new("ALLOWLIST", MapKind.Hash, batch.Allow4.Count, AllowHeadroom);
        _allow6 = new("ALLOWLIST6", MapKind.Hash, batch.Allow6.Count, AllowHeadroom);
        _hosts4 = new("BLOCKLIST", MapKind.Hash, batch.Hosts4.Count, HostHeadroom);
        _hosts6 = new("BLOCKLIST6", MapKind.Hash, batch.Hosts6.Count, HostHeadroom);
        _prefixes4 = new("CIDR_RULES", MapKind.LpmTrie, batch.Prefixes4.Count, PrefixHeadroom);
        _prefixes6 = new("CIDR_RULES6", MapKind.LpmTrie, batch.Prefixes6.Count, PrefixHeadroom);
        _later = new LaterTable(batch.Later, batch.LaterScopes);
        foreach (ref readonly Prefix4Key key in batch.Prefixes4.Keys)
        {
            _bitmap4.Add(new Prefix(key.Address.ToAddress(), (byte)key.Length));
        }

        foreach (ref readonly Prefix6Key key in batch.Prefixes6.Keys)
        {
            _bitmap6.Add(new Prefix(key.Address.ToAddress(), (byte)key.Length));
        }

        bool filled = _later.Filled
            && _allow4.TryFill(batch.Allow4.Keys, batch.Allow4.Values)
            && _allow6.TryFill(batch.Allow6.Keys, batch.Allow6.Values)
            && _hosts4.TryFill(batch.Hosts4.Keys, batch.Hosts4.Values)
            && _hosts6.TryFill(batch.Hosts6.Keys, batch.Hosts6.Values)
            && _prefixes4.TryFill(batch.Prefixes4.Keys, batch.Prefixes4.Values)
            && _prefixes6.TryFill(batch.Prefixes6.Keys, batch.Prefixes6.Values);
        if (!filled)
        {
            Dispose();
            throw new KernelException("The kernel has no room for this policy.", Errno.NoMemory);
        }
    }

    /// <summary>Puts all tables into a slot that no packet looks at.</summary>
    public void Install(OuterMaps outer, uint slot) => GracePeriod.Share(
    [
        () => _allow4.Install(outer.Allow4, slot),
        () => _allow6.Install(outer.Allow6, slot),
        () => _hosts4.Install(outer.Hosts4, slot),
        () => _hosts6.Install(outer.Hosts6, slot),
        () => _prefixes4.Install(outer.Prefixes4, slot),
        () => _prefixes6.Install(outer.Prefixes6, slot),
        () => OuterMaps.Install(outer.Bitmap4, slot, _bitmap4.Handle),
        () => OuterMaps.Install(outer.Bitmap6, slot, _bitmap6.Handle),
        () => _later.Install(outer.Later, slot),
    ]);

    /// <summary>Writes one entry in place. False: its table is full, a new generation is due.</summary>
    public bool TrySet(in PolicyEntry entry, in ClockPair clock)
    {
        if (!_later.TryAdd(in entry, in clock, out uint later) || !TrySet(entry.Scope, entry.Verdict, PolicyConversion.ToValue(in entry, in clock, later)))
        {
            return false;
        }

        // The record before goes only when no entry points to it.
        _later.Assign(entry.Scope, later);
        return true;
    }

    private bool TrySet(Prefix scope, Verdict verdict, in PolicyValue value)
    {
        if (!scope.IsHost)
        {
            // Bit before entry: a set bit without an entry costs a look-up, an entry without its bit is never found.
            if (scope.IsV4)
            {
                _bitmap4.Add(scope);
                return _prefixes4.TrySet(PolicyBatch.KeyOf4(scope), in value);
            }

            _bitmap6.Add(scope);
            return _prefixes6.TrySet(PolicyBatch.KeyOf6(scope), in value);
        }

        // New list before old one, so that no packet in between finds neither; allow is looked up first, so a moment of both allows.
        bool allow = verdict == Verdict.Pass;
        if (scope.IsV4)
        {
            RawAddress4 key = RawAddress4.From(scope.Network);
            bool written = (allow ? _allow4 : _hosts4).TrySet(in key, in value);
            (allow ? _hosts4 : _allow4).Remove(in key);
            return written;
        }
        else
        {
            RawAddress key = RawAddress.From(scope.Network);
            bool written = (allow ? _allow6 : _hosts6).TrySet(in key, in value);
            (allow ? _hosts6 : _allow6).Remove(in key);
            return written;
        }
    }

    public void Remove(Prefix scope)
    {
        RemoveEntry(scope);
        _later.Assign(scope, 0);
    }

    private void RemoveEntry(Prefix scope)
    {
        if (!scope.IsHost)
        {
            if (scope.IsV4)
            {
                _prefixes4.Remove(PolicyBatch.KeyOf4(scope));
            }
            else
            {
                _prefixes6.Remove(PolicyBatch.KeyOf6(scope));
            }
        }
        else if (scope.IsV4)
        {
            RawAddress4 key = RawAddress4.From(scope.Network);
            _allow4.Remove(in key);
            _hosts4.Remove(in key);
        }
        else
        {
            RawAddress key = RawAddress.From(scope.Network);
            _allow6.Remove(in key);
            _hosts6.Remove(in key);
        }
    }

    /// <summary>What the kernel holds for one scope at a time of its boot clock, with hits; false when nothing is in force.</summary>
    public bool TryRead(Prefix scope, ulong bootNanoseconds, out PolicyValue value) =>
        TryReadEntry(scope, out value) && _later.TryResolve(ref value, bootNanoseconds);

    private bool TryReadEntry(Prefix scope, out PolicyValue value)
    {
        if (!scope.IsHost)
        {
            return scope.IsV4
                ? _prefixes4.Map.TryGet(PolicyBatch.KeyOf4(scope), out value)
                : _prefixes6.Map.TryGet(PolicyBatch.KeyOf6(scope), out value);
        }

        if (scope.IsV4)
        {
            RawAddress4 key = RawAddress4.From(scope.Network);
            return _allow4.Map.TryGet(in key, out value) || _hosts4.Map.TryGet(in key, out value);
        }

        RawAddress key6 = RawAddress.From(scope.Network);
        return _allow6.Map.TryGet(in key6, out value) || _hosts6.Map.TryGet(in key6, out value);
    }

    /// <summary>Whether an entry says exactly this from now on; null: there is none.</summary>
    public bool Holds(Prefix scope, PolicyEntry? entry, in ClockPair clock)
    {
        List<SpanValue> held = [];
        if (TryReadEntry(scope, out PolicyValue value))
        {
            _later.Unroll(in value, clock.BootNanoseconds, held);
        }

        List<SpanValue> wanted = [];
        if (entry is { } some)
        {
            PolicyConversion.Unroll(in some, in clock, wanted);
        }

        return held.Count == wanted.Count && held.Zip(wanted).All(pair => PolicyConversion.AreSame(pair.First, pair.Second));
    }

    /// <summary>Moves out scopes that have entries. False: that was the last slice.</summary>
    public bool List(PolicyCursor cursor, List<Prefix> into, int max)
    {
        bool more = cursor.Table switch
        {
            0 => Slice(_allow4.Map.Keys(ref cursor.Host4, max), key => Prefix.Host(key.ToAddress()), into),
            1 => Slice(_hosts4.Map.Keys(ref cursor.Host4, max), key => Prefix.Host(key.ToAddress()), into),
            2 => Slice(_allow6.Map.Keys(ref cursor.Host6, max), key => Prefix.Host(key.ToAddress()), into),
            3 => Slice(_hosts6.Map.Keys(ref cursor.Host6, max), key => Prefix.Host(key.ToAddress()), into),
            4 => Slice(_prefixes4.Map.Keys(ref cursor.Prefix4, max), key => new Prefix(key.Address.ToAddress(), (byte)key.Length), into),
            _ => Slice(_prefixes6.Map.Keys(ref cursor.Prefix6, max), key => new Prefix(key.Address.ToAddress(), (byte)key.Length), into),
        };
        cursor.Table = more ? cursor.Table : (cursor.Table + 1) % 6;
        return more || cursor.Table != 0;

        static bool Slice<TKey>(List<TKey> keys, Func<TKey, Prefix> scopeOf, List<Prefix> into)
        {
            into.AddRange(keys.Select(scopeOf));
            return keys.Count > 0;
        }
    }

    /// <summary>Gives the tries back in slices; call it once no packet can reach this generation, off the data path.</summary>
    public void Retire(Action pause)
    {
        const int Slice = 4_096;
        _prefixes4.Retire(_born4, Slice, pause);
        _prefixes6.Retire(_born6, Slice, pause);
        Dispose();
    }

    public void Dispose()
    {
        _allow4.Dispose();
        _allow6.Dispose();
        _hosts4.Dispose();
        _hosts6.Dispose();
        _prefixes4.Dispose();
        _prefixes6.Dispose();
        _later.Dispose();
        _bitmap4.Dispose();
        _bitmap6.Dispose();
    }
}
