using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Packets and frame bytes. Mirrors <c>struct bw_counter</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_counter")]
public struct Counter
{
    public ulong Packets;
    public ulong Bytes;
}
