using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Maps;
using Blackwall.Pipeline;
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
        foreach (BpfMap<uint, uint> hosts in (BpfMap<uint, uint>[])[outer.Allow4, outer.Hosts4])
        {
            Collect<RawAddress4>(hosts, slot, clock, entries, key => Prefix.Host(key.ToAddress()));
        }

        foreach (BpfMap<uint, uint> hosts in (BpfMap<uint, uint>[])[outer.Allow6, outer.Hosts6])
        {
            Collect<RawAddress>(hosts, slot, clock, entries, key => Prefix.Host(key.ToAddress()));
        }

        Collect<Prefix4Key>(outer.Prefixes4, slot, clock, entries, key => new Prefix(key.Address.ToAddress(), (byte)key.Length));
        Collect<Prefix6Key>(outer.Prefixes6, slot, clock, entries, key => new Prefix(key.Address.ToAddress(), (byte)key.Length));
        return entries;
    }

    private static void Collect<TKey>(BpfMap<uint, uint> outer, uint slot, ClockPair clock, List<PolicyEntry> entries, Func<TKey, Prefix> scopeOf)
        where TKey : unmanaged
    {
        if (!outer.TryGet(in slot, out uint id))
        {
            return;
        }

        using SafeFileHandle handle = BpfSyscall.OpenMap(id);
        if (handle.IsInvalid)
        {
            return;
        }

        BpfMap<TKey, PolicyValue> inner = new(handle, outer.Name);
        foreach ((TKey key, PolicyValue value) in inner.ReadAll())
        {
            long expiry = value.ExpiryNanoseconds == 0 ? long.MaxValue : clock.ToUnixMilliseconds(value.ExpiryNanoseconds);
            if (expiry > clock.UnixMilliseconds)
            {
                entries.Add(new PolicyEntry(scopeOf(key), (long)value.DecisionId, expiry, PolicyConversion.ToVerdict(value.Action), value.Rank));
            }
        }
    }
}
