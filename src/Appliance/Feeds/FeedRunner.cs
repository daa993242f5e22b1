using System.Globalization;
using Blackwall.Feeds.Fetching;
using Blackwall.Pipeline.Board;
using Blackwall.Storage;

namespace Blackwall.Feeds;

/// <summary>
/// One feed: fetches it on its schedule, judges what came, and brings it into force. Whatever its server does, the list in force stays until a better one
/// is there or its time is over.
/// </summary>
internal sealed class FeedRunner : IDisposable
{
    /// <summary>A list that shrinks to less than a tenth is more likely a fault of its server than peace; lists that were small before may become empty.</summary>
    private const int ShrinkFrom = 20;
    private const int ShrinkTo = 10;

    private readonly FeedParts _parts;
    private readonly SemaphoreSlim _one = new(1);
    private readonly SemaphoreSlim _wake = new(0);
    private FeedState _state;
    private FeedList _list = FeedList.Empty;
    private FeedList? _staged;
    private FeedRun? _last;
    private string? _copyFault;
    private int _claimed;

    public FeedRunner(Feed feed, FeedState state, FeedParts parts) => (Feed, _state, _parts) = (feed, state, parts);

    public Feed Feed { get; }

    public FeedState State => Volatile.Read(ref _state);

    /// <summary>What is in force, or would be if the feed did more than tell; empty when its time is over.</summary>
    public FeedList List => Volatile.Read(ref _list);

    /// <summary>What waits for the operator; null: nothing does.</summary>
    public FeedList? Staged => Volatile.Read(ref _staged);

    public FeedRun? LastRun => Volatile.Read(ref _last);

    /// <summary>Claims that the board took.</summary>
    public int Claimed => Volatile.Read(ref _claimed);

    /// <summary>Why the last good copy could not be used at the start; null: it could, or a newer list is in force.</summary>
    public string? CopyFault => Volatile.Read(ref _copyFault);

    public FeedCounters Counters { get; } = new();

    public bool IsStale => Feed.Settings.Enabled && State.LastSuccess is { } success && Left(success) <= TimeSpan.Zero;

    private DateTimeOffset Now => _parts.Time.GetUtcNow();

    /// <summary>Brings the kept copy into force, as far as it is not too old. With a damaged one, the claims stay that the board restored, and the feed is fetched soon.</summary>
    public void Open(FeedList? list = null)
    {
        if (State.LastSuccess is { } success && Feed.Settings.Enabled && Left(success) > TimeSpan.Zero)
        {
            string? fault = null;
            _list = list ?? FeedList.From(_parts.Copy.Read(Feed.Name, out fault), Feed.Settings.ReservedRanges);
            if (fault is not null)
            {
                _copyFault = fault;
                _state = State with { ETag = null, LastModified = null, Failures = Math.Max(1, State.Failures), LastError = $"The last good copy is damaged: {fault}." };
            }
        }

        Enforce();
    }

    /// <summary>Fetches on schedule until the end. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
#pragma warning disable CA5394 // Nothing is kept secret by it.
            DateTimeOffset next = FeedSchedule.Next(Feed.Settings, State, Now, Random.Shared.NextDouble());
#pragma warning restore CA5394
            if (await WaitAsync(next, stopping))
            {
                await FetchDueAsync(stopping);
            }
        }
    }

    private async Task FetchDueAsync(CancellationToken stopping)
    {
        try
        {
            await RefreshAsync(new RefreshWish(IsDry: false, Accepts: false), stopping);
        }
        catch (OperationCanceledException)
        {
            // The appliance stops, or the feed has other settings: what was half fetched is of no use.
        }
    }

    /// <summary>Fetches now.</summary>
    public async Task<FeedRun> RefreshAsync(RefreshWish wish, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            // Not two servers' lists in memory at once, however many feeds are due.
            await _parts.Turn.WaitAsync(cancellation);
            try
            {
                return await RunOnceAsync(wish, cancellation);
            }
            finally
            {
                _parts.Turn.Release();
            }
        }
        finally
        {
            _one.Release();
            _wake.Release();
        }
    }

    /// <summary>Makes the claims again: an allow list has changed.</summary>
    public async Task RenewAsync()
    {
        await _one.WaitAsync();
        try
        {
            Enforce();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What of the remembered traffic the list, or the one that waits, would have stopped.</summary>
    public FeedImpact? Impact() => _parts.Trial.Run(Staged ?? List, address => _parts.Others(Feed.Name, address));

    public void Dispose()
    {
        _one.Dispose();
        _wake.Dispose();
    }

    private TimeSpan Left(DateTimeOffset success) => success + Feed.Settings.Life - Now;

    private async Task<bool> WaitAsync(DateTimeOffset until, CancellationToken stopping)
    {
        try
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            TimeSpan pause = until - Now;
            Task timer = pause > TimeSpan.Zero ? Task.Delay(pause, _parts.Time, either.Token) : Task.CompletedTask;
            Task wake = _wake.WaitAsync(either.Token);
            bool isTime = await Task.WhenAny(timer, wake) == timer && !stopping.IsCancellationRequested;
            await either.CancelAsync();
            return isTime;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<FeedRun> RunOnceAsync(RefreshWish wish, CancellationToken cancellation)
    {
        long began = _parts.Time.GetTimestamp();
        if (wish.Accepts && _staged is { } waiting)
        {
            return await FinishAsync(Bring(waiting, new FetchResult(), isAccepted: true), began, wish);
        }

        bool hasCopy = !_list.Ranges.IsEmpty && !wish.IsDry && State.Held is null;
        FetchResult got = await _parts.Fetcher.FetchAsync(Feed, hasCopy ? State : null, cancellation);
        FeedState tried = State with { LastAttempt = Now, NotBefore = got.RetryAfter is { } wait ? Now + wait : null };
        if (got.Failure is { } failure)
        {
            FeedRun failed = Told(FeedRun.Failed, $"{failure} {Kept()}", got, _list);
            _state = wish.IsDry ? State with { LastAttempt = Now } : tried with { Failures = State.Failures + 1, LastError = failure };
            if (IsStale)
            {
                Enforce();
            }

            return await FinishAsync(failed, began, wish);
        }

        _state = tried;
        if (got.IsUnchanged)
        {
            _state = State with { LastSuccess = Now, Failures = 0, LastError = null };
            Enforce();
            return await FinishAsync(Told(FeedRun.Unchanged, "The server says that nothing has changed.", got, _list), began, wish);
        }

        FeedList list = FeedList.From(got.Reading!.Entries, Feed.Settings.ReservedRanges);
        return await FinishAsync(wish.IsDry ? Try(list, got) : Bring(list, got, wish.Accepts), began, wish);
    }

    private FeedRun Try(FeedList list, FetchResult got)
    {
        (int added, int removed) = _parts.Claims.Compare(Feed.Name, list);
        (int guarded, IReadOnlyList<string> samples) = _parts.Claims.Guarded(list);
        FeedRun run = Told(FeedRun.Dry, "Nothing has changed: this is what would.", got, list);
        return run with
        {
            Added = added,
            Removed = removed,
            Refused = run.Refused + guarded,
            RefusedSamples = [.. run.RefusedSamples.Concat(samples).Take(FeedList.MaxSamples)],
            Impact = Trial(list),
        };
    }

    /// <summary>Brings a new list into force, or keeps it aside.</summary>
    private FeedRun Bring(FeedList list, FetchResult got, bool isAccepted)
    {
        FeedImpact? impact = Trial(list);
        if (!isAccepted && Doubt(list, impact) is { } doubt)
        {
            _staged = list;
            _state = State with { Held = doubt, Failures = 0, LastError = null };
            (int more, int fewer) = list.CompareTo(_list);
            return Told(FeedRun.Held, $"{doubt} {Kept()}", got, list) with { Added = more, Removed = fewer, Impact = impact };
        }

        (int added, int removed) = list.CompareTo(_list);
        FeedState trusted = State with
        {
            LastSuccess = Now,
            Failures = 0,
            LastError = null,
            Held = null,
            ETag = got.ETag,
            LastModified = got.LastModified,
            AcceptedUsers = isAccepted ? impact?.Users ?? 0 : State.AcceptedUsers,
        };
        (_list, _staged, _state, _copyFault) = (list, null, trusted, null);
        (ReconcileResult made, int excepted) = Enforce();
        FeedRun run = Told(FeedRun.Updated, made.Failure ?? "The list is in force.", got, list);
        string? unkept = _parts.Copy.Write(Feed.Name, list.Entries);
        return run with
        {
            Outcome = made.Failure is null ? FeedRun.Updated : FeedRun.Failed,
            Sentence = unkept is null ? run.Sentence : $"{run.Sentence} No copy could be kept: {unkept}",
            Added = added,
            Removed = removed,
            Excepted = excepted,
            Refused = run.Refused + made.Refused,
            RefusedSamples = [.. run.RefusedSamples.Concat(made.Refusals.Select(refusal => refusal.Sentence)).Take(FeedList.MaxSamples)],
            Impact = impact,
        };
    }

    private FeedImpact? Trial(FeedList list) => _parts.Trial.Run(list, address => _parts.Others(Feed.Name, address));

    /// <summary>Why a list shall not come into force before somebody has looked; null: it may.</summary>
    private string? Doubt(FeedList list, FeedImpact? impact)
    {
        int before = _list.Entries.Count;
        if (before >= ShrinkFrom && list.Entries.Count * ShrinkTo < before)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The list shrank from {before} to {list.Entries.Count} entries.");
        }

        int most = _parts.MaxUsers + State.AcceptedUsers;
        return Feed.Settings.Verdict is not null && impact?.Users > most
            ? string.Create(CultureInfo.InvariantCulture, $"The list would stop {impact.Users} sources that use services here in the ordinary way (feeds.max_users = {_parts.MaxUsers}).")
            : null;
    }

    private (ReconcileResult Made, int Excepted) Enforce()
    {
        TimeSpan left = State.LastSuccess is { } success ? Left(success) : TimeSpan.Zero;
        if (left <= TimeSpan.Zero)
        {
            _list = FeedList.Empty;
        }

        if (Feed.Settings is { Enabled: true, Kind: FeedKind.Allow })
        {
            _parts.Allow(Feed.Name, _list.Ranges);
        }

        if (CopyFault is not null && left > TimeSpan.Zero && Feed.Settings.Verdict is not null)
        {
            // Nothing is known of the list but what the board has of it, and that ends by itself.
            int restored = _parts.Claims.Count(Feed.Name);
            Volatile.Write(ref _claimed, restored);
            return (new ReconcileResult(0, 0, 0, restored, 0, [], 0), 0);
        }

        ReconcileResult made = _parts.Claims.Make(Feed, _list, left, out int excepted);
        Volatile.Write(ref _claimed, made.Kept + made.Added + made.Changed);
        return (made, excepted);
    }

    private string Kept() => _list.Entries.Count == 0
        ? "No list is in force."
        : string.Create(CultureInfo.InvariantCulture, $"The list of {State.LastSuccess:yyyy-MM-dd HH:mm}Z stays in force until {State.LastSuccess + Feed.Settings.Life:yyyy-MM-dd HH:mm}Z.");

    private FeedRun Told(string outcome, string sentence, FetchResult got, FeedList list) => new(
        Now, outcome, sentence, list.Entries.Count, 0, 0, got.Reading?.Invalid ?? 0, got.Reading?.Skipped ?? 0, list.Refused, 0, got.Bytes, 0, got.Reading?.Samples ?? [], list.RefusedSamples);

    private async Task<FeedRun> FinishAsync(FeedRun run, long began, RefreshWish wish)
    {
        run = run with { Milliseconds = (long)_parts.Time.GetElapsedTime(began).TotalMilliseconds };
        FeedRun? before = LastRun;
        Counters.Count(run);
        Volatile.Write(ref _last, run);
        if (!wish.IsDry && (run.Outcome is FeedRun.Updated or FeedRun.Held || !string.Equals(before?.Outcome, run.Outcome, StringComparison.Ordinal)))
        {
            _parts.Log.Add(FeedEvents.Run, new FeedEventBody(Feed.Name, run.Outcome, run.Sentence, run.Entries, run.Added, run.Removed, run.Invalid, run.Refused));
        }

        try
        {
            await _parts.Store.NoteAsync(Feed.Name, State, run);
            return run;
        }
        catch (StoreException failure)
        {
            return run with { Sentence = $"{run.Sentence} It could not be noted: {failure.Message}" };
        }
    }
}
