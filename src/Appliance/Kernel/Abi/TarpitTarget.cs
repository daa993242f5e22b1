using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Where redirected flows go; a family whose address is all zero has no target. Mirrors <c>struct bw_target</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_target")]
public struct TarpitTarget
{
    public RawAddress Address4;
    public RawAddress Address6;
    public ushort Port4Network;
    public ushort Port6Network;
    public uint Enabled;
}
