using Blackwall.Events;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Capture;

/// <summary>
/// What captures leave on the disk: files, their index, and how much room they take. Its owner is <see cref="CaptureBook"/>, under whose lock it is
/// called; what a member says of itself holds without.
/// </summary>
internal sealed class CaptureArchive(CaptureStore store, CaptureFolder folder, EventLog events, IOptions<CaptureOptions> configured, TimeProvider time, ILogger<CaptureArchive> log)
{
    /// <summary>How a capture ends that has all that it may have.</summary>
    public const string Full = "its limit of packets or bytes is reached";

    /// <summary>Captures removed in one round.</summary>
    private const int RemovedAtOnce = 256;

    private readonly CaptureOptions _options = configured.Value;
    private readonly EndedCaptures _ended = new();
    private readonly Queue<string> _complete = new();
    private string? _fault;
    private long _failures;

    /// <summary>Bytes on the disk.</summary>
    public long Stored { get; set; }

    public long Failures => _failures + store.Failures;

    /// <summary>Why captures or their index cannot be written; null: they can. Any thread.</summary>
    public string? Fault => Volatile.Read(ref _fault) ?? (store.Fault is { } why ? $"The index of captures cannot be written: {why}" : null);

    /// <summary>Takes up what an earlier process left.</summary>
    /// <returns>The highest id so far.</returns>
    public long Begin()
    {
        long lastId = 0;
        try
        {
            (IReadOnlyList<CaptureRecord> ended, IReadOnlyList<CaptureRecord> unended, lastId) = store.ReadAll();
            folder.Prepare();
            foreach (CaptureRecord known in ended)
            {
                Keep(known);
            }

            foreach (CaptureRecord left in unended)
            {
                CaptureRecord mended = left with { Files = folder.Mend(left.Id, left.Files + 1), Ended = time.GetUtcNow(), Outcome = "the appliance ended" };
                mended = mended with { Bytes = folder.SizeOf(mended) };
                store.Save([mended]);
                Keep(mended);
            }

            Stored = folder.Prepare();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StoreException)
        {
            Fail(failure.Message);
        }

        return lastId;
    }

    /// <summary>Whether a decision's capture got all that it may have.</summary>
    public bool IsSpent(long decision) => _ended.IsSpent(decision);

    public void Keep(CaptureRecord ended) => _ended.Add(ended, string.Equals(ended.Outcome, Full, StringComparison.Ordinal));

    /// <summary>A file to which nothing is added any more.</summary>
    public void Complete(string file) => _complete.Enqueue(file);

    /// <summary>A complete file that waits to be compressed; null: none, or none is to be.</summary>
    public string? TakeComplete() => _complete.TryDequeue(out string? file) && _options.Compression ? file : null;

    /// <summary>Removes what is too old or too much.</summary>
    /// <param name="now">The date.</param>
    /// <param name="open">Captures that run.</param>
    public void Prune(DateTimeOffset now, int open)
    {
        foreach (long id in _ended.Superfluous(now - TimeSpan.FromHours(_options.MaxAgeHours), Math.Max(0, _options.MaxCaptures - open), RemovedAtOnce))
        {
            Remove(id);
        }
    }

    public void AddEvent(string change, CaptureRecord capture) => events.Add(CaptureEvents.Moved, new CaptureEventBody(change, CaptureBody.From(capture)));

    /// <summary>Removes what somebody does not want any more. False: there is none of this id that has ended.</summary>
    public bool Delete(long id)
    {
        if (_ended.Find(id) is not { } record || !Remove(id))
        {
            return false;
        }

        AddEvent(CaptureEventBody.Deleted, record);
        return true;
    }

    /// <summary>False: there is none of this id that has ended.</summary>
    public bool Remove(long id)
    {
        if (_ended.Remove(id) is not { } record)
        {
            return false;
        }

        // The row last: while it is there, the files are found again.
        Stored -= folder.Remove(id, record.Files);
        store.Remove(id);
        return true;
    }

    /// <summary>Makes room by removing the oldest. False: what runs fills it alone.</summary>
    public bool MakeRoom()
    {
        long most = _options.MaxTotalMegabytes * 1024L * 1024;
        while (Stored > most && _ended.Oldest is { } oldest)
        {
            Remove(oldest);
        }

        return Stored <= most;
    }

    public void Save(IReadOnlyCollection<OpenCapture> captures)
    {
        if (captures.Count == 0)
        {
            return;
        }

        store.Save(captures.Select(capture => capture.Record));
        foreach (OpenCapture capture in captures)
        {
            capture.Changed = false;
        }
    }

    public void Fail(string why)
    {
        _failures++;
        if (Interlocked.Exchange(ref _fault, $"Captures cannot be written: {why}") is null)
        {
            CaptureLog.CannotWrite(log, why);
        }
    }

    /// <summary>The disk takes captures again, if it did not.</summary>
    public void Mended()
    {
        if (Interlocked.Exchange(ref _fault, null) is not null)
        {
            CaptureLog.WritesAgain(log);
        }
    }
}
