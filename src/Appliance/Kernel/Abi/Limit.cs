using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>GCRA limit (ITU-T I.371): nanoseconds a packet and nanoseconds of burst. Interval 0: not limited. Mirrors <c>struct bw_limit</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_limit")]
public struct Limit
{
    public ulong IntervalNanoseconds;
    public ulong BurstNanoseconds;
}
