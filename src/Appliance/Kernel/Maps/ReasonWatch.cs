using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Maps;

/// <summary>Tells which reason was counted last, when packets go through one at a time. Allocates nothing.</summary>
internal sealed class ReasonWatch
{
    private readonly SafeFileHandle _counters;
    private readonly byte[] _buffer = new byte[Unsafe.SizeOf<CpuBlock>() * Math.Max(1, BpfSyscall.PossibleCpus())];
    private readonly ulong[] _seen = new ulong[CpuBlock.WouldOffset];

    public ReasonWatch(SafeFileHandle counters)
    {
        _counters = counters;
        Moved();
    }

    /// <summary>The reason that counted up since the last call; null: none did.</summary>
    public Reason? Moved()
    {
        uint zero = 0;
        int result = BpfSyscall.Lookup(_counters, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in zero)), _buffer);
        if (result < 0)
        {
            throw new KernelException("Cannot read the counters.", -result);
        }

        Reason? moved = null;
        ReadOnlySpan<CpuBlock> cpus = MemoryMarshal.Cast<byte, CpuBlock>(_buffer);
        for (int i = 0; i < _seen.Length; i++)
        {
            ulong packets = 0;
            foreach (ref readonly CpuBlock cpu in cpus)
            {
                packets += cpu.Reason[i].Packets;
            }

            if (packets != _seen[i])
            {
                _seen[i] = packets;
                moved = (Reason)i;
            }
        }

        return moved;
    }
}
