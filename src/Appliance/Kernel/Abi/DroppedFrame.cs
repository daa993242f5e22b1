using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>The head of a frame that the policy dropped. Mirrors <c>struct bw_dropped_frame</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_dropped_frame")]
public struct DroppedFrame
{
    /// <summary>Bytes kept at most.</summary>
    public const int MaxBytes = 256;

    public ulong TimeNanoseconds;
    public ulong DecisionId;

    /// <summary>Bytes on the wire.</summary>
    public uint FrameLength;

    /// <summary>Bytes of <see cref="Data"/> that count.</summary>
    public uint DataLength;
    public Bytes Data;

    [InlineArray(MaxBytes)]
    public struct Bytes
    {
        private byte _first;
    }
}
