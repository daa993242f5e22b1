namespace Blackwall.Pipeline.Time;

/// <summary>
/// The time that ends are counted in: milliseconds that begin as the wall clock's (since 1970) and then go on with the boot clock alone. A wall
/// clock that is set a year ahead or back changes no end; dates for people follow it. Over a restart of the process the count goes on; over a start of
/// the machine it goes on by what the wall clock says has passed, and by no less than the machine has been up. Thread-safe.
/// </summary>
public sealed class SteadyClock
{
    /// <summary>Milliseconds by which the wall clock may drift before dates follow it: a date that changes with every look is no use.</summary>
    private const long Tolerance = 500;

    private readonly TimeProvider _time;
    private readonly IBootTime? _boot;
    private long _offset;
    private long _shift;

    /// <param name="time">The wall clock.</param>
    /// <param name="boot">Null: there is none but the wall clock, as in a replay.</param>
    public SteadyClock(TimeProvider time, IBootTime? boot = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _boot) = (time, boot);
        _offset = boot is null ? 0 : Wall - BootMilliseconds;
    }

    /// <summary>Raised when the wall clock was set. </summary>
    public event EventHandler? Stepped;

    /// <summary>Milliseconds.</summary>
    public long Now => _boot is null ? Wall : BootMilliseconds + Volatile.Read(ref _offset);

    /// <summary>The same moment on both clocks. The nanoseconds are whole milliseconds, so that one end always is one and the same number there.</summary>
    public (long Milliseconds, ulong BootNanoseconds) Pair
    {
        get
        {
            long boot = BootMilliseconds;
            return (boot + Volatile.Read(ref _offset), (ulong)boot * 1_000_000);
        }
    }

    /// <summary>For the store; null: without a boot clock there is nothing to say.</summary>
    public ClockAnchor? Anchor => _boot is null ? null : new ClockAnchor(_boot.BootId, Volatile.Read(ref _offset), Now, Wall);

    private long Wall => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long BootMilliseconds => (long)(_boot!.Nanoseconds / 1_000_000);

    /// <summary>Goes on where an earlier process was.</summary>
    public void GoOn(ClockAnchor before)
    {
        if (_boot is null)
        {
            return;
        }

        // The machine has been up for so long at least; a wall clock that shows less was wrong then or is now.
        long offset = string.Equals(before.BootId, _boot.BootId, StringComparison.Ordinal)
            ? before.Offset
            : before.Steady + Math.Max(Wall - before.Wall, BootMilliseconds) - BootMilliseconds;
        Volatile.Write(ref _offset, offset);
        Volatile.Write(ref _shift, Wall - Now);
    }

    /// <summary>Notices that the wall clock was set. Called about once a second.</summary>
    public void Update()
    {
        if (_boot is null)
        {
            return;
        }

        long shift = Wall - Now;
        if (Math.Abs(shift - Volatile.Read(ref _shift)) > Tolerance)
        {
            Volatile.Write(ref _shift, shift);
            Stepped?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>The date of a moment, as the wall clock shows it now.</summary>
    public DateTimeOffset ToDate(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds + Volatile.Read(ref _shift), Earliest, Latest));

    /// <summary>The moment of a date that the wall clock shows or has yet to show.</summary>
    public long FromDate(DateTimeOffset date) => date.ToUnixTimeMilliseconds() - (_boot is null ? 0 : Wall - Now);

    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
