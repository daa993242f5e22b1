using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>What the kernel does with one host or prefix. Times are boot-time nanoseconds. Mirrors <c>struct bw_policy</c> of bpf/abi_policy.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_policy")]
public struct PolicyValue
{
    public ulong ExpiryNanoseconds;
    public ulong DecisionId;
    public ulong Hits;
    public ulong LastHitNanoseconds;
    public PolicyAction Action;
    public byte Rank;
    private readonly byte _pad0;
    private readonly byte _pad1;

    /// <summary>Key in LATER of what holds when this has ended; 0: nothing does.</summary>
    public uint Later;
}
