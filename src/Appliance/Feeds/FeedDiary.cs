using Blackwall.Storage;

namespace Blackwall.Feeds;

/// <summary>What became of the attempts to refresh one feed: counted, told as events, and kept. One writer at a time.</summary>
internal sealed class FeedDiary(string feed, FeedParts parts)
{
    private FeedRun? _last;

    public FeedCounters Counters { get; } = new();

    /// <summary>Since the appliance started; null: there was none.</summary>
    public FeedRun? Last => Volatile.Read(ref _last);

    /// <summary>Notes an attempt.</summary>
    /// <param name="run">What became of it.</param>
    /// <param name="state">What is remembered of the feed now.</param>
    /// <param name="began">Timestamp of its start.</param>
    /// <param name="isDry">It changed nothing.</param>
    public async Task<FeedRun> NoteAsync(FeedRun run, FeedState state, long began, bool isDry)
    {
        run = run with { Milliseconds = (long)parts.Time.GetElapsedTime(began).TotalMilliseconds };
        FeedRun? before = Last;
        Counters.Count(run);
        Volatile.Write(ref _last, run);
        if (!isDry && (run.Outcome is FeedRun.Updated or FeedRun.Held || !string.Equals(before?.Outcome, run.Outcome, StringComparison.Ordinal)))
        {
            parts.Log.Add(FeedEvents.Run, new FeedEventBody(feed, run.Outcome, run.Sentence, run.Entries, run.Added, run.Removed, run.Invalid, run.Refused));
        }

        try
        {
            await parts.Store.NoteAsync(feed, state, run);
            return run;
        }
        catch (StoreException failure)
        {
            return run with { Sentence = $"{run.Sentence} It could not be noted: {failure.Message}" };
        }
    }

    /// <summary>Notes an attempt that ended in a way that nobody thought of, where nothing else can be noted.</summary>
    public void Note(FeedRun run)
    {
        Counters.Count(run);
        Volatile.Write(ref _last, run);
    }

    /// <summary>Tells that the list in force waits before more of it is acted on.</summary>
    public void TellHeld(string why, int entries) => parts.Log.Add(FeedEvents.Run, new FeedEventBody(feed, FeedRun.Held, why, entries, 0, 0, 0, 0));

    /// <summary>Keeps what has changed beside the fetches; if that fails, the next fetch keeps it.</summary>
    public async Task RememberAsync(FeedState state)
    {
        try
        {
            await parts.Store.RememberAsync(feed, state);
        }
        catch (StoreException)
        {
            // Health tells of the store.
        }
    }
}
