namespace Blackwall.Feeds;

/// <summary>What happened with a feed since the appliance started. Thread-safe.</summary>
internal sealed class FeedCounters
{
    private long _fetches;
    private long _failures;
    private long _invalid;
    private long _refused;
    private long _bytes;

    public long Fetches => Interlocked.Read(ref _fetches);

    public long Failures => Interlocked.Read(ref _failures);

    public long Invalid => Interlocked.Read(ref _invalid);

    public long Refused => Interlocked.Read(ref _refused);

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Count(FeedRun run)
    {
        Interlocked.Increment(ref _fetches);
        Interlocked.Add(ref _failures, run.Outcome is FeedRun.Failed ? 1 : 0);
        Interlocked.Add(ref _invalid, run.Invalid);
        Interlocked.Add(ref _refused, run.Refused);
        Interlocked.Add(ref _bytes, run.Bytes);
    }
}
