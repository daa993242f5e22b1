using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Maps;

/// <summary>COUNTERS: one <see cref="CpuBlock"/> a possible CPU, each padded to 8 bytes.</summary>
internal sealed class PerCpuCounters(SafeFileHandle handle)
{
    private readonly byte[] _buffer = new byte[Unsafe.SizeOf<CpuBlock>() * Math.Max(1, BpfSyscall.PossibleCpus())];

    /// <summary>Sums over all possible CPUs. Not thread-safe.</summary>
    public WallCounters Read()
    {
        uint zero = 0;
        int result = BpfSyscall.Lookup(handle, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in zero)), _buffer);
        if (result < 0)
        {
            throw new KernelException("Cannot read the counters.", -result);
        }

        Span<Counter> reasons = stackalloc Counter[CpuBlock.ReasonRows];
        Span<ulong> losses = stackalloc ulong[CpuBlock.LossRows];
        reasons.Clear();
        losses.Clear();
        foreach (ref readonly CpuBlock cpu in MemoryMarshal.Cast<byte, CpuBlock>(_buffer))
        {
            for (int i = 0; i < CpuBlock.ReasonRows; i++)
            {
                reasons[i].Packets += cpu.Reason[i].Packets;
                reasons[i].Bytes += cpu.Reason[i].Bytes;
            }

            for (int i = 0; i < CpuBlock.LossRows; i++)
            {
                losses[i] += cpu.Loss[i];
            }
        }

        List<WallCounters.Row> rows = [];
        foreach (Reason reason in Enum.GetValues<Reason>())
        {
            Counter did = reasons[(int)reason];
            Counter would = reasons[(int)reason + CpuBlock.WouldOffset];
            rows.Add(new(reason, did.Packets, did.Bytes, would.Packets, would.Bytes));
        }

        List<WallCounters.Loss> lost = [];
        foreach (LossKind kind in Enum.GetValues<LossKind>())
        {
            lost.Add(new(kind, losses[(int)kind]));
        }

        return new WallCounters(rows, lost);
    }
}
