using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Interop;

/// <summary>Where a thread may run.</summary>
internal static unsafe class CpuAffinity
{
    private const int MaskBytes = 1024;

    /// <summary>Keeps the calling thread on the CPU it is on.</summary>
    internal static void StayHere()
    {
        int cpu = Libc.sched_getcpu();
        ulong* mask = stackalloc ulong[MaskBytes / sizeof(ulong)];
        new Span<ulong>(mask, MaskBytes / sizeof(ulong)).Clear();
        if (cpu is >= 0 and < MaskBytes * 8)
        {
            mask[cpu / 64] = 1ul << (cpu % 64);
            if (Libc.sched_setaffinity(0, MaskBytes, mask) == 0)
            {
                return;
            }
        }

        throw new KernelException("The thread cannot be kept on one CPU.", Marshal.GetLastPInvokeError());
    }
}
