using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>What one CPU counts. Mirrors <c>struct bw_cpu</c> of bpf/abi.h.</summary>
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_cpu")]
public struct CpuBlock
{
    public const int ReasonRows = 64;
    public const int WouldOffset = 32;
    public const int LossRows = 16;
    public const int WorkWords = 24;

    public ReasonTable Reason;
    public LossTable Loss;
    public ulong ClockJiffies;
    public ulong ClockNanoseconds;
    public ulong ChallengeTheoreticalNanoseconds;
    public ulong Hits;
    public WorkTable Work;

    /// <summary>Enforced, then would have been, by reason.</summary>
    [InlineArray(ReasonRows)]
    public struct ReasonTable
    {
        private Counter _first;
    }

    /// <summary>Means nothing outside the programs.</summary>
    [InlineArray(WorkWords)]
    public struct WorkTable
    {
        private ulong _first;
    }

    /// <summary>By <see cref="LossKind"/>.</summary>
    [InlineArray(LossRows)]
    public struct LossTable
    {
        private ulong _first;
    }
}
