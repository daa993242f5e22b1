using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>State of a tracked flow. Times are boot-time nanoseconds, bytes are transport payload. Mirrors <c>struct bw_flow</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_flow")]
public struct Flow
{
    public ulong FirstNanoseconds;
    public ulong LastNanoseconds;
    public ulong PacketsIn;
    public ulong PacketsOut;
    public ulong BytesIn;
    public ulong BytesOut;
    public uint RemoteFirst;
    public uint RemoteIsn;
    public uint LocalIsn;
    public uint HelloNext;
    public ushort HelloLeft;
    public ushort Entropy;
    public FlowState State;
    public byte Flags;
    public byte Inspected;
    public byte Heard;
    public uint Streamed;
    public SshCourse Ssh;
    private readonly uint _pad;
}
