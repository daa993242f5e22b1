using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Which policy slot decides. Mirrors <c>struct bw_active</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_active")]
public struct ActiveGeneration
{
    public uint Slot;
    private readonly uint _pad0;
    public ulong Generation;
}
