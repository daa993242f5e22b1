namespace Blackwall.Tarpit.World.State;

/// <summary>Until which minute cron has done its work on a visitor's machine, however many of his sessions look after it. Thread-safe.</summary>
internal sealed class CronClock
{
    private readonly Lock _lock = new();
    private long _last;

    /// <summary>Takes the minutes (since 1970) that nobody has taken until now: those behind the first returned, up to the second. There are none when both are the same.</summary>
    /// <param name="since">Minute from which on they count if none was taken before.</param>
    public (long After, long UpTo) Take(long since, long now)
    {
        lock (_lock)
        {
            long after = Math.Min(Math.Max(_last, since), now);
            _last = Math.Max(_last, now);
            return (after, now);
        }
    }
}
