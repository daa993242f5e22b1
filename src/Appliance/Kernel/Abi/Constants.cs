using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Constants of the kernel programs, written before they are loaded. Mirrors <c>struct bw_constants</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_constants")]
public struct Constants
{
    public uint VirtualClock;

    /// <summary>1: frames begin with the IP header.</summary>
    public uint NoEthernet;
    public ulong ChallengeKey0;
    public ulong ChallengeKey1;
}
