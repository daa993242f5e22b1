using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>How far a login at SSH has come. Mirrors <c>struct bw_ssh</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_ssh")]
public struct SshCourse
{
    public uint Next;
    public uint Length;
    public uint Heard;
    public ushort Accept;
    public SshState State;
    public byte Held;
}
