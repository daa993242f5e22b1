using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.

/// <summary>A source that is captured, with its own rate and end. Mirrors <c>struct bw_capture</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_capture")]
public struct CaptureValue
{
    public ulong TheoreticalNanoseconds;
    public ulong IntervalNanoseconds;
    public ulong BurstNanoseconds;
    public ulong ExpiryNanoseconds;

    /// <summary>Packets that came faster than the rate.</summary>
    public ulong Held;

    /// <summary>Bytes to keep of each packet.</summary>
    public uint Snap;
    private readonly uint _pad0;
}
