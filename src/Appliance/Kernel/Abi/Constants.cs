using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Constants of the kernel programs, written before they are loaded. Mirrors <c>struct bw_constants</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_constants")]
public struct Constants
{
    public uint VirtualClock;

    /// <summary>1: frames begin with the IP header.</summary>
    public uint NoEthernet;
    public Checksums Checksums;
    public Answers Answers;

    /// <summary>1: other interfaces are guarded too.</summary>
    public uint Gates;
    public ulong ChallengeKey0;
    public ulong ChallengeKey1;
}
