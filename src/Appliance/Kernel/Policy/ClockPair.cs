using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Time;

namespace Blackwall.Kernel.Policy;

/// <summary>Wall clock and boot clock read together: decisions end at a date, the kernel counts from boot.</summary>
internal readonly record struct ClockPair(long UnixMilliseconds, ulong BootNanoseconds)
{
    public static ClockPair Now(TimeProvider time) => new(time.GetUtcNow().ToUnixTimeMilliseconds(), BpfSyscall.BootNanoseconds());

    /// <summary>The board's time and the kernel's: no wall clock is in it.</summary>
    public static ClockPair From(SteadyClock clock)
    {
        (long milliseconds, ulong boot) = clock.Pair;
        return new ClockPair(milliseconds, boot);
    }

    /// <summary>Never 0, which means "without end".</summary>
    public ulong ToBoot(long unixMilliseconds)
    {
        long left = Math.Clamp(unixMilliseconds - UnixMilliseconds, -86_400_000L, 86_400_000L * 36_500);
        long boot = (long)BootNanoseconds + (left * 1_000_000);
        return boot <= 0 ? 1 : (ulong)boot;
    }

    public long ToUnixMilliseconds(ulong bootNanoseconds) => UnixMilliseconds + (((long)bootNanoseconds - (long)BootNanoseconds) / 1_000_000);
}
