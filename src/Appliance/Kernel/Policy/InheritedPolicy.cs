using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Maps;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Policy;

/// <summary>Reads back the policy that an earlier process left in the kernel: the last copy of its decisions when the store is lost.</summary>
internal static class InheritedPolicy
{
    /// <summary>Entries of the generation in force that have not ended.</summary>
    public static IReadOnlyList<PolicyEntry> Read(KernelPrograms programs, ClockPair clock)
    {
        OuterMaps outer = new(programs);
        if (!programs.Active.TryGet(0u, out ActiveGeneration active) || active.Generation == 0)
        {
            return [];
        }

        uint slot = active.Deciding(clock.BootNanoseconds);
        List<PolicyEntry> entries = [];
        using BpfMap<uint, LaterValue>? later = Inner<uint, LaterValue>(outer.Later, slot);
        foreach (BpfMap<uint, uint> hosts in (BpfMap<uint, uint>[])[outer.Allow4, outer.Hosts4])
        {
            Collect<RawAddress4>(hosts, slot, clock, later, entries, key => Prefix.Host(key.ToAddress()));
        }

        foreach (BpfMap<uint, uint> hosts in (BpfMap<uint, uint>[])[outer.Allow6, outer.Hosts6])
        {
            Collect<RawAddress>(hosts, slot, clock, later, entries, key => Prefix.Host(key.ToAddress()));
        }

        Collect<Prefix4Key>(outer.Prefixes4, slot, clock, later, entries, key => new Prefix(key.Address.ToAddress(), (byte)key.Length));
        Collect<Prefix6Key>(outer.Prefixes6, slot, clock, later, entries, key => new Prefix(key.Address.ToAddress(), (byte)key.Length));
        return entries;
    }

    private static void Collect<TKey>(BpfMap<uint, uint> outer, uint slot, ClockPair clock, BpfMap<uint, LaterValue>? later, List<PolicyEntry> entries, Func<TKey, Prefix> scopeOf)
        where TKey : unmanaged
    {
        using BpfMap<TKey, PolicyValue>? inner = Inner<TKey, PolicyValue>(outer, slot);
        foreach ((TKey key, PolicyValue value) in inner?.ReadAll() ?? [])
        {
            List<PolicySpan> spans = [];
            Add(spans, clock, value.DecisionId, value.ExpiryNanoseconds, value.Action, value.Rank);
            if (value.Later != 0 && later?.TryGet(in value.Later, out LaterValue record) == true)
            {
                foreach (ref readonly SpanValue span in (ReadOnlySpan<SpanValue>)record.Span)
                {
                    if (span.Used != 0)
                    {
                        Add(spans, clock, span.DecisionId, span.ExpiryNanoseconds, span.Action, span.Rank);
                    }
                }
            }

            if (spans.Count > 0)
            {
                PolicySpan first = spans[0];
                entries.Add(new PolicyEntry(scopeOf(key), first.DecisionId, first.ExpiryUnixMilliseconds, first.Verdict, first.Rank, [.. spans.Skip(1)]));
            }
        }
    }

    private static void Add(List<PolicySpan> spans, ClockPair clock, ulong decisionId, ulong expiryNanoseconds, PolicyAction action, byte rank)
    {
        long expiry = expiryNanoseconds == 0 ? long.MaxValue : clock.ToUnixMilliseconds(expiryNanoseconds);
        if (expiry > clock.UnixMilliseconds)
        {
            spans.Add(new PolicySpan((long)decisionId, expiry, PolicyConversion.ToVerdict(action), rank));
        }
    }

    private static BpfMap<TKey, TValue>? Inner<TKey, TValue>(BpfMap<uint, uint> outer, uint slot)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        if (!outer.TryGet(in slot, out uint id))
        {
            return null;
        }

        SafeFileHandle handle = BpfSyscall.OpenMap(id);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            return null;
        }

        return new BpfMap<TKey, TValue>(handle, outer.Name);
    }
}
