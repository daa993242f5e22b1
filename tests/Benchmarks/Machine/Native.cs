using System.Runtime.InteropServices;

namespace Blackwall.Benchmarks.Machine;

/// <summary>System calls that only measuring needs.</summary>
internal static unsafe partial class Native
{
    private const int ClockMonotonic = 1;
    private const int MostCpus = 1024;

    /// <summary>Keeps a thread on one CPU.</summary>
    /// <param name="thread">Thread id; 0: the calling one.</param>
    /// <param name="cpu">Number of the CPU.</param>
    public static void Pin(int thread, int cpu)
    {
        byte* mask = stackalloc byte[MostCpus / 8];
        new Span<byte>(mask, MostCpus / 8).Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        if (SetAffinity(thread, MostCpus / 8, mask) != 0)
        {
            throw new IOException($"Thread {thread} cannot be kept on CPU {cpu}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Sleeps for so long, as exactly as the kernel's timers are (about 60 microseconds more).</summary>
    public static void Nap(TimeSpan time)
    {
        Span<long> wish = [(long)time.TotalSeconds, (long)(time.TotalNanoseconds % 1e9)];
        fixed (long* request = wish)
        {
            _ = ClockNanosleep(ClockMonotonic, 0, request, null);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, byte* mask);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, long* request, long* remaining);
}
