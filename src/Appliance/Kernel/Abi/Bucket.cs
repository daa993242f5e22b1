using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Theoretical arrival time of a rate limit, boot-time nanoseconds. Mirrors <c>struct bw_bucket</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_bucket")]
public struct Bucket
{
    public ulong TheoreticalNanoseconds;
    public ulong Suppressed;
}
