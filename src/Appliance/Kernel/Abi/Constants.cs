using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Constants of the kernel programs, written before they are loaded. Mirrors <c>struct bw_constants</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_constants")]
public struct Constants
{
    public uint VirtualClock;
    public Checksums Checksums;
    public Answers Answers;
    public ulong ChallengeKey0;
    public ulong ChallengeKey1;
}
