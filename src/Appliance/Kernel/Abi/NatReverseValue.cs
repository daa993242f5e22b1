using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Original destination of a redirected flow, found by its answers. Mirrors <c>struct bw_nat_reverse</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_nat_reverse")]
public struct NatReverseValue
{
    public RawAddress Local;
    public ushort LocalPortNetwork;
    public ushort RemotePortNetwork;
    private readonly uint _pad0;
    public ulong FirstNanoseconds;

    public readonly ushort RemotePort => BinaryPrimitives.ReverseEndianness(RemotePortNetwork);

    public readonly ushort LocalPort => BinaryPrimitives.ReverseEndianness(LocalPortNetwork);
}
