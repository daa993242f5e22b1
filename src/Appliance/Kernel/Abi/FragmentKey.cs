using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>A fragmented datagram. Mirrors <c>struct bw_fragment_key</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_fragment_key")]
public struct FragmentKey
{
    public RawAddress Source;
    public RawAddress Destination;
    public uint Id;
    public byte Protocol;
    private readonly byte _pad0;
    private readonly byte _pad1;
    private readonly byte _pad2;
}
