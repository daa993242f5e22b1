using System.Globalization;
using Blackwall.Feeds.Fetching;
using Blackwall.Pipeline.Board;

namespace Blackwall.Feeds;

/// <summary>
/// One feed: fetches it on its schedule, judges what came, and brings it into force. Whatever its server does, the list in force stays until a better one
/// is there or its time is over.
/// </summary>
internal sealed class FeedRunner : IDisposable
{
    /// <summary>Clocks are set by so much without anybody being wrong.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    private readonly FeedParts _parts;
    private readonly SemaphoreSlim _fetching = new(1);
    private readonly SemaphoreSlim _one = new(1);
    private readonly HeldList _held;
    private readonly FeedDiary _diary;
    private FeedState _state;
    private FeedList _list = FeedList.Empty;
    private FeedList _claimable = FeedList.Empty;
    private string? _copyFault;
    private bool _isEnded;
    private int _claimed;

    public FeedRunner(Feed feed, FeedState state, FeedParts parts) => (Feed, _state, _parts, _held, _diary) = (feed, state, parts, new HeldList(parts.Copy, feed.Name), new FeedDiary(feed.Name, parts));

    public Feed Feed { get; }

    public FeedState State => Volatile.Read(ref _state);

    /// <summary>What is in force, or would be if the feed did more than tell; empty when its time is over.</summary>
    public FeedList List => Volatile.Read(ref _list);

    /// <summary>What waits for the operator; null: nothing does.</summary>
    public FeedList? Staged => _held.List;

    public FeedRun? LastRun => _diary.Last;

    /// <summary>Claims that the board took.</summary>
    public int Claimed => Volatile.Read(ref _claimed);

    /// <summary>Why the last good copy could not be used at the start; null: it could, or a newer list is in force.</summary>
    public string? CopyFault => Volatile.Read(ref _copyFault);

    public FeedCounters Counters => _diary.Counters;

    /// <summary>Released when somebody fetched it: the schedule is another one then.</summary>
    public SemaphoreSlim Changed { get; } = new(0);

    /// <summary>A time of it lies in the future: the clock was ahead when it was noted.</summary>
    public bool IsAhead => State is var state && (state.LastAttempt > Now + ClockSlack || state.LastSuccess > Now + ClockSlack);

    public bool IsStale => Feed.Settings.Enabled && State.LastSuccess is { } success && Left(success) <= TimeSpan.Zero;

    /// <summary>What may be acted on is not known: what the board has of it stays.</summary>
    private bool IsFrozen => State.IsDoubted && _claimable.Ranges.IsEmpty;

    private DateTimeOffset Now => _parts.Time.GetUtcNow();

    /// <summary>
    /// Brings the kept copy into force, as far as it is not too old and there is no doubt about it. With a damaged one, or in doubt, the claims stay that the board
    /// has of it, and end by themselves.
    /// </summary>
    /// <param name="list">The list of the feed before it had these settings; null: the kept copy.</param>
    /// <param name="staged">What waited with those settings; null: the kept one, or nothing.</param>
    public void Open(FeedList? list = null, FeedList? staged = null)
    {
        _state = _held.Open(State, staged, Feed.Settings.ReservedRanges);
        if (State.LastSuccess is { } success && Feed.Settings.Enabled && Left(success) > TimeSpan.Zero)
        {
            string? fault = null;
            _list = list ?? FeedList.From(_parts.Copy.Read(Feed.Name, out fault, State.Digest), Feed.Settings.ReservedRanges);
            if (fault is not null)
            {
                _list = FeedList.Empty;
                _copyFault = fault;
                _state = State with { ETag = null, LastModified = null, Failures = Math.Max(1, State.Failures), LastError = $"The last good copy is damaged: {fault}." };
            }
        }

        if (Feed.Settings.Verdict is null)
        {
            _state = State with { IsDoubted = false };
        }

        // In doubt it stays so over restarts: detection may remember nobody yet.
        if (!_list.Ranges.IsEmpty)
        {
            Claim(isTried: State.IsDoubted);
        }

        Enforce();
    }

    /// <summary>Fetches now. Whatever goes wrong is told in the run.</summary>
    /// <param name="isDry">Nothing changes; it is told what would.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<FeedRun> RefreshAsync(bool isDry, CancellationToken cancellation)
    {
        long began = _parts.Time.GetTimestamp();
        await _fetching.WaitAsync(cancellation);
        try
        {
            FeedList asked = _list;
            bool hasCopy = !asked.Ranges.IsEmpty && !isDry && State is { Held: null, IsDoubted: false };
            FetchResult got = await _parts.Fetcher.FetchAsync(Feed, hasCopy ? State : null, cancellation);
            cancellation.ThrowIfCancellationRequested();

            // Only what follows keeps others from the list: an operator who accepts one waits for no server.
            await _one.WaitAsync(cancellation);
            try
            {
                FeedRun run = _isEnded ? Told(FeedRun.Failed, "The feed has other settings now, or is gone; nothing has changed.", got, _list) : Take(got, asked, isDry);
                if (_isEnded)
                {
                    return run;
                }

                return await _diary.NoteAsync(run, State, began, isDry);
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            _fetching.Release();
            Changed.Release();
        }
    }

    /// <summary>Notes that a fetch ended in a way that nobody thought of.</summary>
    public FeedRun Fail(Exception failure)
    {
        string why = $"It failed: {failure.GetType().Name}.";
        _state = State with { LastAttempt = Now, Failures = State.Failures + 1, LastError = why };
        FeedRun run = Told(FeedRun.Failed, $"{why} {Kept()}", new FetchResult(), _list);
        _diary.Note(run);
        return run;
    }

    /// <summary>Nothing changes any more what the feed claims: another runner does, or nobody.</summary>
    public async Task EndAsync()
    {
        await _one.WaitAsync();
        _isEnded = true;
        _one.Release();
    }

    /// <summary>Keeps what has changed beside the fetches.</summary>
    public Task RememberAsync() => _diary.RememberAsync(State);

    /// <summary>Brings the list into force that waits.</summary>
    /// <param name="digest">The one that was looked at; null: the one that was held first.</param>
    /// <returns>The run, or why there is none.</returns>
    public async Task<(FeedRun? Run, string? Refusal)> AcceptAsync(string? digest)
    {
        long began = _parts.Time.GetTimestamp();
        await _one.WaitAsync();
        try
        {
            if (_isEnded || Staged is not { } waiting)
            {
                return (null, $"No list of the feed '{Feed.Name}' waits: there is nothing to accept.");
            }

            if (digest is null ? State.IsHeldAgain : !string.Equals(digest, State.HeldDigest, StringComparison.OrdinalIgnoreCase))
            {
                return (null, $"Another list waits now than the one that was {(digest is null ? "held first" : "looked at")}: look at it (impact), and accept it by its digest, {State.HeldDigest}.");
            }

            FeedRun run = Bring(waiting, new FetchResult(), isAccepted: true);
            return (await _diary.NoteAsync(run, State, began, isDry: false), null);
        }
        finally
        {
            _one.Release();
            Changed.Release();
        }
    }

    /// <summary>Makes the claims again: an allow list has changed. What it no longer takes out is doubted like a new list.</summary>
    public async Task RenewAsync()
    {
        try
        {
            await _one.WaitAsync();
        }
        catch (ObjectDisposedException)
        {
            // The feed has ended meanwhile.
            return;
        }

        try
        {
            if (!_isEnded && !_list.Ranges.IsEmpty && !IsFrozen)
            {
                Claim(isTried: false);
                Enforce();
                await _diary.RememberAsync(State);
            }
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
        _fetching.Dispose();
        _one.Dispose();
        Changed.Dispose();
    }

    // What a clock noted that was ahead does not count for longer.
    private TimeSpan Left(DateTimeOffset success) => (success < Now ? success - Now : TimeSpan.Zero) + Feed.Settings.Life;

    /// <summary>Decides how much of the list is acted on: all that no allow list has, or in doubt what was before.</summary>
    /// <param name="isTried">It is in doubt already, and nothing has changed.</param>
    private void Claim(bool isTried)
    {
        FeedList claimable = Claimable(_list);
        FeedImpact? impact = Feed.Settings.Verdict is null ? null : Trial(claimable);
        if (_parts.Doubts.OfForce(Feed, State, claimable, impact) is { } doubt)
        {
            _state = State with { IsDoubted = true };
            if (Staged is null)
            {
                _state = _held.Hold(State, _list, doubt, State.LastSuccess);
                _diary.TellHeld(doubt, _list.Entries.Count);
            }
        }
        else if (!isTried)
        {
            _claimable = claimable;
            _state = _parts.Doubts.Remember(Feed, State with { IsDoubted = false }, claimable, impact, isAccepted: false);
            _state = State.Digest is { } own && string.Equals(own, State.HeldDigest, StringComparison.Ordinal) ? _held.Clear(State) : State;
        }
    }

    private FeedRun Take(FetchResult got, FeedList asked, bool isDry)
    {
        try
        {
            return Judge(got, asked, isDry);
        }
        catch (Exception failure)
        {
            return Fail(failure);
        }
    }

    private FeedRun Judge(FetchResult got, FeedList asked, bool isDry)
    {
        FeedState tried = State with { LastAttempt = Now, NotBefore = got.RetryAfter is { } wait ? Now + wait : null };
        if (got.IsUnchanged && !ReferenceEquals(asked, _list))
        {
            got = new FetchResult { Failure = "Another list came into force while the server was asked about the one before." };
        }

        if (got.Failure is { } failure)
        {
            FeedRun failed = Told(FeedRun.Failed, $"{failure} {Kept()}", got, _list);
            _state = isDry ? State with { LastAttempt = Now } : tried with { Failures = State.Failures + 1, LastError = failure };
            if (IsStale)
            {
                Enforce();
            }

            return failed;
        }

        _state = tried;
        if (got.IsUnchanged)
        {
            _state = State with { LastSuccess = Now, Failures = 0, LastError = null };
            Enforce();
            return Told(FeedRun.Unchanged, "The server says that nothing has changed.", got, _list);
        }

        FeedList list = FeedList.From(got.Reading!.Entries, Feed.Settings.ReservedRanges);
        return isDry ? Try(list, got) : Bring(list, got, isAccepted: false);
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
        FeedList claimable = Claimable(list);
        FeedImpact? impact = Trial(claimable);
        (int added, int removed) = list.CompareTo(_list);
        if (!isAccepted && (FeedDoubts.OfChange(_list.Entries.Count, list.Entries.Count) ?? _parts.Doubts.OfForce(Feed, State, claimable, impact)) is { } doubt)
        {
            _state = _held.Hold(State with { Failures = 0, LastError = null }, list, doubt, Now);
            return Told(FeedRun.Held, $"{doubt} {Kept()}", got, list) with { Added = added, Removed = removed, Impact = impact, Digest = State.HeldDigest };
        }

        FeedState trusted = State with
        {
            LastSuccess = isAccepted ? State.HeldSince ?? Now : Now,
            Failures = 0,
            LastError = null,
            ETag = got.ETag,
            LastModified = got.LastModified,
            IsDoubted = false,
        };
        (_list, _claimable, _copyFault) = (list, claimable, null);
        _state = _held.Clear(_parts.Doubts.Remember(Feed, trusted, claimable, impact, isAccepted));
        (ReconcileResult made, int excepted) = Enforce();
        FeedRun run = Told(FeedRun.Updated, made.Failure ?? "The list is in force.", got, list);
        string? unkept = _parts.Copy.Write(Feed.Name, list.Entries, out string digest);
        _state = State with { Digest = digest };
        return run with
        {
            Outcome = made.Failure is null ? FeedRun.Updated : FeedRun.Failed,
            Sentence = unkept is null ? run.Sentence : $"{run.Sentence} No copy could be kept: {unkept}",
            Added = added,
            Removed = removed,
            Excepted = excepted + list.Entries.Count - claimable.Entries.Count,
            Refused = run.Refused + made.Refused,
            RefusedSamples = [.. run.RefusedSamples.Concat(made.Refusals.Select(refusal => refusal.Sentence)).Take(FeedList.MaxSamples)],
            Impact = impact,
        };
    }

    private FeedList Claimable(FeedList list) => Feed.Settings.Kind is FeedKind.Allow ? list : _parts.Claims.WithoutAllowed(list);

    private FeedImpact? Trial(FeedList list) => _parts.Trial.Run(list, address => _parts.Others(Feed.Name, address));

    private (ReconcileResult Made, int Excepted) Enforce()
    {
        TimeSpan left = State.LastSuccess is { } success ? Left(success) : TimeSpan.Zero;
        if (left <= TimeSpan.Zero)
        {
            (_list, _claimable) = (FeedList.Empty, FeedList.Empty);
        }

        if (Feed.Settings is { Enabled: true, Kind: FeedKind.Allow })
        {
            _parts.Allow(Feed.Name, _claimable.Ranges);
        }

        if ((CopyFault is not null || IsFrozen) && left > TimeSpan.Zero && Feed.Settings.Verdict is not null)
        {
            // What the board has of it stays, and ends by itself.
            int restored = _parts.Claims.Count(Feed.Name);
            Volatile.Write(ref _claimed, restored);
            return (new ReconcileResult(0, 0, 0, restored, 0, [], 0), 0);
        }

        ReconcileResult made = _parts.Claims.Make(Feed, _claimable, left, out int excepted);
        Volatile.Write(ref _claimed, made.Kept + made.Added + made.Changed);
        return (made, excepted);
    }

    private string Kept() => _list.Entries.Count == 0
        ? "No list is in force."
        : string.Create(CultureInfo.InvariantCulture, $"The list of {State.LastSuccess:yyyy-MM-dd HH:mm}Z stays in force until {State.LastSuccess + Feed.Settings.Life:yyyy-MM-dd HH:mm}Z.");

    private FeedRun Told(string outcome, string sentence, FetchResult got, FeedList list) => new(
        Now, outcome, sentence, list.Entries.Count, 0, 0, got.Reading?.Invalid ?? 0, got.Reading?.Skipped ?? 0, list.Refused, 0, got.Bytes, 0, got.Reading?.Samples ?? [], list.RefusedSamples);
}
