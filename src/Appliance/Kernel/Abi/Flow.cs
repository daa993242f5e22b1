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
    public ulong LocalNanoseconds;
    public ulong PacketsIn;
    public ulong PacketsOut;
    public ulong BytesIn;
    public ulong BytesOut;
    public ulong OwnNanoseconds;
    public uint RemoteFirst;
    public uint RemoteNext;
    public uint RemoteAcked;
    public uint LocalFirst;
    public uint LocalNext;
    public uint LocalAcked;
    public uint LocalEdge;
    public uint HelloNext;
    public ushort HelloLeft;
    public ushort Entropy;
    public ushort Flags;
    public FlowState State;
    public byte Inspected;
    public byte Heard;
    public byte LocalScale;
    private readonly byte _pad0;
    private readonly byte _pad1;
    public uint Streamed;
    public SshCourse Ssh;
}
