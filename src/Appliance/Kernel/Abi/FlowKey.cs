using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>A flow as seen from the guarded side; ports in network order. Mirrors <c>struct bw_flow_key</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_flow_key")]
public struct FlowKey
{
    public RawAddress Remote;
    public RawAddress Local;
    public ushort RemotePortNetwork;
    public ushort LocalPortNetwork;
    public byte Protocol;
    private readonly byte _pad0;
    private readonly byte _pad1;
    private readonly byte _pad2;

    public readonly ushort RemotePort => BinaryPrimitives.ReverseEndianness(RemotePortNetwork);

    public readonly ushort LocalPort => BinaryPrimitives.ReverseEndianness(LocalPortNetwork);
}
