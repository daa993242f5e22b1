
namespace Blackwall.Pipeline.Time;

/// <summary>
/// Turns the nanoseconds of an event into a date. Live they count from boot (CLOCK_BOOTTIME); in a replay they are capture time,
/// so that the same packets give the same decisions at any hour and on any machine.
/// </summary>
public sealed class BootClock
{
    private const long NanosecondsPerTick = 100;

    private long _originTicks;

    private BootClock(long originTicks) => _originTicks = originTicks;

    /// <summary>Event times are nanoseconds since 1970-01-01 UTC, as captures hold them.</summary>
    public static BootClock Replay() => new(DateTimeOffset.UnixEpoch.UtcTicks);

    /// <summary>Event times are nanoseconds of a clock that showed <paramref name="nanoseconds"/> at <paramref name="now"/>.</summary>
    public static BootClock At(DateTimeOffset now, ulong nanoseconds) => new(Origin(now, nanoseconds));

    /// <summary>Takes a new reading of both clocks, after the wall clock was stepped. Thread-safe.</summary>
    public void Resynchronise(DateTimeOffset now, ulong nanoseconds) => Volatile.Write(ref _originTicks, Origin(now, nanoseconds));

    /// <summary>UTC date of an event; times that no calendar holds end at its last day.</summary>
    public DateTimeOffset ToDate(ulong nanoseconds)
    {
        long ticks = (long)(nanoseconds / NanosecondsPerTick);
        long origin = Volatile.Read(ref _originTicks);
        return ticks > DateTimeOffset.MaxValue.Ticks - origin
            ? DateTimeOffset.MaxValue
            : new DateTimeOffset(Math.Max(0, origin + ticks), TimeSpan.Zero);
    }

    /// <summary>Nanoseconds since 1970 of an event; 0 for what lies before.</summary>
    public ulong ToUnix(ulong nanoseconds)
    {
        long offset = (Volatile.Read(ref _originTicks) - DateTimeOffset.UnixEpoch.UtcTicks) * NanosecondsPerTick;
        return offset >= 0 ? nanoseconds + (ulong)offset : nanoseconds - Math.Min(nanoseconds, (ulong)-offset);
    }

    private static long Origin(DateTimeOffset now, ulong nanoseconds) => now.UtcTicks - (long)(nanoseconds / NanosecondsPerTick);
}
