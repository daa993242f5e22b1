using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>What holds for a scope after its first decision has ended, in order of the ends. Mirrors <c>struct bw_later</c> of bpf/abi_policy.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_later")]
public struct LaterValue
{
    /// <summary>BW_LATER_SPANS.</summary>
    public const int Spans = 3;

    public SpanTable Span;

    /// <summary>In order of the ends.</summary>
    [InlineArray(Spans)]
    public struct SpanTable
    {
        private SpanValue _first;
    }
}
