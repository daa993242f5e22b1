using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>What its first fragment decided. Mirrors <c>struct bw_fragment</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_fragment")]
public struct FragmentValue
{
    public RawAddress Target;
    public ulong FirstNanoseconds;
    public byte Verdict;
    private readonly byte _pad0;
    private readonly byte _pad1;
    private readonly byte _pad2;
    private readonly byte _pad3;
    private readonly byte _pad4;
    private readonly byte _pad5;
    private readonly byte _pad6;
}
