using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Where a redirected flow goes. Mirrors <c>struct bw_nat</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_nat")]
public struct NatValue
{
    public RawAddress Target;
    public ushort TargetPortNetwork;
    public ushort RemotePortNetwork;
    private readonly uint _pad0;
    public ulong FirstNanoseconds;
    public ulong LastNanoseconds;

    public readonly ushort RemotePort => BinaryPrimitives.ReverseEndianness(RemotePortNetwork);
}
