using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>One of the decisions that hold for a scope one after the other. Times are boot-time nanoseconds, 0: until lifted. Mirrors <c>struct bw_span</c> of bpf/abi_policy.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_span")]
public struct SpanValue
{
    public ulong ExpiryNanoseconds;
    public ulong DecisionId;
    public PolicyAction Action;
    public byte Rank;

    /// <summary>0: this span and those after it are empty.</summary>
    public byte Used;
    private readonly byte _pad0;
    private readonly byte _pad1;
    private readonly byte _pad2;
    private readonly byte _pad3;
    private readonly byte _pad4;
}
