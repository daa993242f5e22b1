using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Changes;

/// <summary>
/// Takes a change of the policy through its course: shadow, trial, confirmed or taken back. One is open at a time. What is on trial is
/// stored before it acts, and the kernel itself takes it back at the deadline, so neither a killed process nor a cut connection makes it stay.
/// </summary>
public sealed class ChangeBook : BackgroundService, IStatsSource, IStartMode
{
    private const string Actor = "appliance";
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly ModeAtStart _configured;
    private readonly ChangeStore _store;
    private readonly ChangeKeeper _keeper;
    private readonly ShadowWatch _watch;
    private readonly VerdictBoard _board;
    private readonly IPolicyTrial _wall;
    private readonly StoreQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger<ChangeBook> _log;
    private readonly long[] _ended = new long[Enum.GetValues<ChangeState>().Length];
    private volatile IReadOnlyList<PolicyChange> _changes = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ChangeBook(
        ModeAtStart configured,
        ChangeStore store,
        ShadowWatch watch,
        VerdictBoard board,
        IPolicyTrial wall,
        StoreQueue queue,
        TimeProvider time,
        ILogger<ChangeBook> log) =>
        (_configured, _store, _keeper, _watch, _board, _wall, _queue, _time, _log) = (configured, store, new ChangeKeeper(store, log), watch, board, wall, queue, time, log);

    /// <summary>Raised after a change took a step, with how it is now.</summary>
    public event EventHandler<ChangeMovedEventArgs>? Moved;

    /// <summary>The mode that the wall starts in: what was confirmed last, unless the configuration was changed since. Says so in the log where the two differ.</summary>
    public EnforcementMode StartMode
    {
        get
        {
            EnforcementMode? confirmed = _store.Mode();
            EnforcementMode mode = _configured.Choose(confirmed, _store.ConfiguredMode());
            if (confirmed is { } last && last != _configured.Mode)
            {
                if (mode == last)
                {
                    ChangesLog.ConfirmedModeHolds(_log, last, _configured.Mode);
                }
                else
                {
                    ChangesLog.ConfiguredModeHolds(_log, _configured.Mode, last);
                }
            }

            return mode;
        }
    }

    public string Name => "changes";

    /// <summary>Newest first.</summary>
    public IReadOnlyList<PolicyChange> All => _changes;

    public PolicyChange? Open => _changes.FirstOrDefault(change => change.IsOpen);

    public PolicyChange? Find(long id) => _changes.FirstOrDefault(change => change.Id == id);

    /// <summary>Packets that met each rule of a change while it is shadow, by index; empty when it is none.</summary>
    public IReadOnlyDictionary<int, ulong> ShadowHits(PolicyChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Dictionary<int, ulong> hits = [];
        for (int i = 0; i < change.Rules.Put.Count && change.State == ChangeState.Shadow; i++)
        {
            if (_wall.ShadowHits(change.Rules.Put[i].Scope) is { } met)
            {
                hits[i] = met;
            }
        }

        return hits;
    }

    /// <summary>Sources that met a rule of the shadow, with the rule's index; and how many sightings are not listed.</summary>
    public (IReadOnlyList<(Address Source, int Rule)> Listed, long More) ShadowSources() => (
        [.. _watch.Sources.Select(met => (met.Source, Rule: PolicyPreview.IndexOf(met.DecisionId) ?? -1)).Where(met => met.Rule >= 0)],
        _watch.Unlisted);

    /// <exception cref="ChangeRefusedException">It would lock somebody out, makes no sense, or another change is open.</exception>
    public PolicyPreview Preview(RuleChange rules, EnforcementMode? mode)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (mode is not null && !_wall.HasWall)
        {
            throw new ChangeRefusedException("The appliance was started with network.mode off; start it with observe or enforce.");
        }

        PolicyPreview preview = _board.Rules.Preview(rules);
        return preview.Refusals.Count == 0 ? preview : throw new ChangeRefusedException(preview.Refusals);
    }

    /// <summary>Begins to count a change against live traffic.</summary>
    /// <exception cref="ChangeRefusedException">As <see cref="Preview"/>.</exception>
    public async Task<PolicyChange> ProposeAsync(RuleChange rules, EnforcementMode? mode, string? comment, string actor, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (Open is { } open)
            {
                throw new ChangeRefusedException($"Change {open.Id} is still open; confirm it or take it back first.");
            }

            PolicyPreview preview = Preview(rules, mode);
            PolicyChange change = new((_changes.Count == 0 ? 0 : _changes[0].Id) + 1, ChangeState.Shadow, rules, mode, comment, actor, _time.GetUtcNow());
            await ChangeKeeper.ExpectAsync(_store.AddAsync(change));
            _watch.Clear();
            await _wall.ShadowAsync(preview.Entries);
            ChangesLog.Proposed(_log, change.Id, actor, rules.Put.Count, rules.Remove.Count);
            return Move(change);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Brings a change into force until a deadline.</summary>
    /// <exception cref="ChangeRefusedException">It is not a shadow any more, or what it would do has become inadmissible.</exception>
    public async Task<PolicyChange> ApplyAsync(long id, TimeSpan within, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            PolicyChange change = Expect(id, ChangeState.Shadow, "is not waiting to be applied");
            change = change with
            {
                State = ChangeState.Trial,
                Deadline = _time.GetUtcNow() + within,
                Ends = _board.Clock.Now + (long)within.TotalMilliseconds,
                ModeBefore = _wall.Mode,
                Replaced = _board.Rules.Replaced(change.Rules),
            };
            await ChangeKeeper.ExpectAsync(_store.UpdateAsync(change));
            try
            {
                await _wall.BeginAsync(() => Make(change), () => Undo(change), change.Mode ?? change.ModeBefore, change.Deadline.Value);
            }
            catch
            {
                await ChangeKeeper.ExpectAsync(_store.UpdateAsync(change with { State = ChangeState.Shadow }));
                throw;
            }

            // Not waited for: it decides nothing, and the change is in force.
            _ = _wall.ShadowAsync(ReadOnlyMemory<PolicyEntry>.Empty);
            ChangesLog.OnTrial(_log, change.Id, change.What, change.Deadline.Value);
            return Move(change);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes a change on trial stay.</summary>
    /// <exception cref="ChangeRefusedException">It is not on trial, or its time is over.</exception>
    public async Task<PolicyChange> ConfirmAsync(long id, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            PolicyChange change = Expect(id, ChangeState.Trial, "is not on trial");
            if (_board.Clock.Now >= change.Ends || !await _wall.ConfirmAsync())
            {
                await RevertAsync(change, "It was confirmed too late.");
                throw new ChangeRefusedException($"Change {id} was not confirmed in time and is taken back.");
            }

            if (change.Mode is { } mode)
            {
                await _keeper.TryAsync(change, _store.SaveModeAsync(mode, _configured.Mark));
            }

            return await CloseAsync(change, ChangeState.Confirmed, "Confirmed.");
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes an open change back now.</summary>
    /// <exception cref="ChangeRefusedException">It is not open.</exception>
    public async Task<PolicyChange> EndAsync(long id, string why, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            PolicyChange change = Find(id) is { IsOpen: true } open ? open : throw new ChangeRefusedException($"Change {id} is not open.");
            if (change.State == ChangeState.Trial)
            {
                return await RevertAsync(change, why);
            }

            await _wall.ShadowAsync(ReadOnlyMemory<PolicyEntry>.Empty);
            return await CloseAsync(change, ChangeState.Discarded, why);
        }
        finally
        {
            _gate.Release();
        }
    }

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["open"] = Open is null ? 0 : 1,
        ["confirmed"] = Interlocked.Read(ref _ended[(int)ChangeState.Confirmed]),
        ["reverted"] = Interlocked.Read(ref _ended[(int)ChangeState.Reverted]),
        ["discarded"] = Interlocked.Read(ref _ended[(int)ChangeState.Discarded]),
    };

    /// <summary>Before the wall: what nobody confirmed before the last process ended is off the board before the board is enforced.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _changes = _store.All();
        long course = _store.Course() ?? 0;
        if (Open is { State: ChangeState.Trial } trial && (trial.Ends <= _board.Clock.Now || trial.Mode is not null || course == RuleBook.UndoneMark(trial.Id)))
        {
            if (course != RuleBook.UndoneMark(trial.Id))
            {
                Undo(trial);
            }

            await CloseAsync(trial, ChangeState.Reverted, trial.Mode is null ? "Nobody confirmed it in time." : "The appliance was started anew before it was confirmed.");
        }
        else if (Open is { State: ChangeState.Trial } begun && course < RuleBook.MadeMark(begun.Id)
            && _board.Rules.Change(Unmade(begun), begun.Actor, begun.Id) is { Count: > 0 } refusals)
        {
            Undo(begun);
            await CloseAsync(begun, ChangeState.Reverted, $"It cannot be made any more: {refusals[0].Item2}");
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await GoOnAsync(stoppingToken);
        while (true)
        {
            Task moved = Volatile.Read(ref _moved).Task;
            foreach (PolicyChange stored in await _keeper.KeepAgainAsync())
            {
                _changes = [.. _changes.Select(shown => shown.Id == stored.Id ? stored : shown)];
            }

            // Null when nothing is on trial: the -1 ms of a timer that was late would mean "never".
            TimeSpan? left = Open is { State: ChangeState.Trial } trial ? TimeSpan.FromMilliseconds(trial.Ends - _board.Clock.Now) : null;
            if (left is null || left > TimeSpan.Zero)
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny(Task.Delay(left ?? Timeout.InfiniteTimeSpan, _time, over.Token), moved, _keeper.Waits ? Task.Delay(StoreRetry, _time, over.Token) : moved);
                await over.CancelAsync();
                stoppingToken.ThrowIfCancellationRequested();
            }
            else
            {
                await ExpireAsync(stoppingToken);
            }
        }
    }

    // The wall is up now: a shadow is counted again, and a trial that is none any more ends in the kernel too.
    private async Task GoOnAsync(CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            PolicyChange? open = Open;
            if (open is not { State: ChangeState.Trial } && _wall.OnTrial)
            {
                await _wall.RevertAsync(() => { }, _wall.Mode);
            }

            if (open is { State: ChangeState.Shadow } && _board.Rules.Preview(open.Rules) is { Refusals.Count: 0 } preview)
            {
                await _wall.ShadowAsync(preview.Entries);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            ChangesLog.NotReverted(_log, Open?.Id ?? 0, failure.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ExpireAsync(CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            if (Open is { State: ChangeState.Trial } trial && trial.Ends <= _board.Clock.Now)
            {
                await RevertAsync(trial, "Nobody confirmed it in time.");
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The kernel acts on the policy before it already; only this process has yet to catch up.
            ChangesLog.NotReverted(_log, Open?.Id ?? 0, failure.Message);
            await Task.Delay(Retry, _time, stopping);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Make(PolicyChange change)
    {
        if (_board.Rules.Change(change.Rules, change.Actor, change.Id) is { Count: > 0 } refusals)
        {
            throw new ChangeRefusedException(refusals);
        }
    }

    // What a crash kept from the store: it shows on the board what was there before, or nothing. A change that the store has as made is not
    // made again, for somebody may have lifted one of its rules since.
    private RuleChange Unmade(PolicyChange change)
    {
        HashSet<(Prefix, Verdict, long)> before = [.. change.Replaced.Select(rule => (rule.Scope, rule.Verdict, rule.Ends))];
        Dictionary<Prefix, bool> standing = _board.Rules.Replaced(change.Rules).ToDictionary(rule => rule.Scope, rule => before.Contains((rule.Scope, rule.Verdict, rule.Ends)));
        return new RuleChange(
            [.. change.Rules.Put.Where(put => !standing.TryGetValue(put.Scope, out bool old) || old)],
            [.. change.Rules.Remove.Where(scope => standing.TryGetValue(scope, out bool old) && old)]);
    }

    private void Undo(PolicyChange change) => _board.Rules.TakeBack(change.Rules, change.Replaced, Actor, change.Id);

    private async Task<PolicyChange> RevertAsync(PolicyChange change, string why)
    {
        await _wall.RevertAsync(() => Undo(change), change.ModeBefore);

        // Its rules leave the store before it counts as ended, else a crash between the two would keep them for ever.
        await _queue.FlushAsync(durable: true, CancellationToken.None);
        return await CloseAsync(change, ChangeState.Reverted, why);
    }

    private PolicyChange Expect(long id, ChangeState state, string otherwise) =>
        Find(id) is { } change && change.State == state ? change : throw new ChangeRefusedException($"Change {id} {otherwise}.");

    private async Task<PolicyChange> CloseAsync(PolicyChange change, ChangeState state, string why)
    {
        change = await _keeper.KeepAsync(change with { State = state, Ended = _time.GetUtcNow(), Outcome = why });
        Interlocked.Increment(ref _ended[(int)state]);
        ChangesLog.Ended(_log, change.Id, change.What, state == ChangeState.Confirmed ? "confirmed" : state == ChangeState.Reverted ? $"taken back: {why}" : $"dropped: {why}");
        return Move(change);
    }

    private PolicyChange Move(PolicyChange change)
    {
        const int shown = 200;
        _changes = [change, .. _changes.Where(other => other.Id != change.Id).Take(shown)];
        Interlocked.Exchange(ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        Moved?.Invoke(this, new ChangeMovedEventArgs(change));
        return change;
    }
}
