using System.Runtime.InteropServices;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Policy;

/// <summary>A snapshot sorted into the kernel's tables: allow and judge lists of hosts, and tries of prefixes, by family.</summary>
internal sealed class PolicyBatch
{
    private readonly Part<RawAddress4> _allow4 = new();
    private readonly Part<RawAddress> _allow6 = new();
    private readonly Part<RawAddress4> _hosts4 = new();
    private readonly Part<RawAddress> _hosts6 = new();
    private readonly Part<Prefix4Key> _prefixes4 = new();
    private readonly Part<Prefix6Key> _prefixes6 = new();
    private readonly List<LaterValue> _later = [];
    private readonly List<Prefix> _laterScopes = [];

    public PolicyBatch(ReadOnlySpan<PolicyEntry> entries, in ClockPair clock)
    {
        foreach (ref readonly PolicyEntry entry in entries)
        {
            Prefix scope = entry.Scope;
            PolicyValue value = PolicyConversion.ToValue(in entry, in clock, LaterOf(in entry, in clock));
            if (scope.IsHost)
            {
                bool allow = entry.Verdict == Verdict.Pass;
                if (scope.IsV4)
                {
                    (allow ? _allow4 : _hosts4).Add(RawAddress4.From(scope.Network), value);
                }
                else
                {
                    (allow ? _allow6 : _hosts6).Add(RawAddress.From(scope.Network), value);
                }
            }
            else if (scope.IsV4)
            {
                _prefixes4.Add(KeyOf4(scope), value);
            }
            else
            {
                _prefixes6.Add(KeyOf6(scope), value);
            }
        }
    }

    public Part<RawAddress4> Allow4 => _allow4;

    public Part<RawAddress> Allow6 => _allow6;

    public Part<RawAddress4> Hosts4 => _hosts4;

    public Part<RawAddress> Hosts6 => _hosts6;

    public Part<Prefix4Key> Prefixes4 => _prefixes4;

    public Part<Prefix6Key> Prefixes6 => _prefixes6;

    /// <summary>What holds after the first decision of some entries; the record at index i has key i + 1.</summary>
    public ReadOnlySpan<LaterValue> Later => CollectionsMarshal.AsSpan(_later);

    /// <summary>Whose those records are.</summary>
    public ReadOnlySpan<Prefix> LaterScopes => CollectionsMarshal.AsSpan(_laterScopes);

    public static Prefix4Key KeyOf4(Prefix prefix) => new() { Length = prefix.Length, Address = RawAddress4.From(prefix.Network) };

    public static Prefix6Key KeyOf6(Prefix prefix) => new() { Length = prefix.Length, Address = RawAddress.From(prefix.Network) };

    private uint LaterOf(in PolicyEntry entry, in ClockPair clock)
    {
        if (entry.Later.IsEmpty)
        {
            return 0;
        }

        _later.Add(PolicyConversion.ToLater(entry.Later, in clock));
        _laterScopes.Add(entry.Scope);
        return (uint)_later.Count;
    }

    /// <summary>Keys and values of one table, side by side as a batch call wants them.</summary>
    internal sealed class Part<TKey>
        where TKey : unmanaged
    {
        private readonly List<TKey> _keys = [];
        private readonly List<PolicyValue> _values = [];

        public ReadOnlySpan<TKey> Keys => CollectionsMarshal.AsSpan(_keys);

        public ReadOnlySpan<PolicyValue> Values => CollectionsMarshal.AsSpan(_values);

        public int Count => _keys.Count;

        public void Add(TKey key, PolicyValue value)
        {
            _keys.Add(key);
            _values.Add(value);
        }
    }
}
