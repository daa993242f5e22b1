using Blackwall.Events;
using Blackwall.Feeds.Fetching;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Feeds;

/// <summary>All feeds and the runner of each. A feed whose server hangs or lies holds up no other one, and nothing else.</summary>
internal sealed class FeedBook : BackgroundService, IStatsSource, IHealthSource
{
    public const int MaxFeeds = 256;

    private readonly FeedStore _store;
    private readonly FeedCopy _copy;
    private readonly FeedClaims _claims;
    private readonly FeedMentions _mentions;
    private readonly FeedOptions _options;
    private readonly FeedParts _parts;
    private readonly UserBudget _budget = new();
    private readonly SemaphoreSlim _editing = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private volatile Dictionary<string, Running> _running = new(StringComparer.Ordinal);
    private string? _unread;
    private bool _isStopped;

    public FeedBook(FeedFetcher fetcher, FeedCopy copy, FeedStore store, FeedClaims claims, TrafficTrial trial, FeedMentions mentions, EventLog log, IOptions<FeedOptions> options, TimeProvider time)
    {
        (_store, _copy, _claims, _mentions, _options) = (store, copy, claims, mentions, options.Value);
        _parts = new FeedParts(fetcher, copy, store, claims, trial, new FeedDoubts(_budget, () => _options), log, time)
        {
            Others = (name, address) => [.. mentions.Mentions(address).Where(mention => !string.Equals(mention.Feed, name, StringComparison.Ordinal)).Select(mention => mention.Feed)],
            Allow = Allow,
        };
    }

    string IStatsSource.Name => "feeds";

    string IHealthSource.Name => "feeds";

    public bool Ready => true;

    public string? Fault
    {
        get
        {
            FeedRunner[] all = All;
            return _unread
                ?? (all.FirstOrDefault(one => one.State.Held is not null && one.Feed.Settings.Enabled) is { } held ? $"The feed '{held.Feed.Name}' waits for you: {held.State.Held} 'blackwall feeds accept {held.Feed.Name}' brings it into force." : null)
                ?? (all.FirstOrDefault(one => one.CopyFault is not null) is { } damaged ? $"The last good copy of the feed '{damaged.Feed.Name}' is damaged ({damaged.CopyFault}); the next fetch replaces it: 'blackwall feeds refresh {damaged.Feed.Name}'." : null)
                ?? (all.FirstOrDefault(one => one.IsAhead) is { } ahead ? $"The feed '{ahead.Feed.Name}' was fetched in the future ({ahead.State.LastAttempt:yyyy-MM-dd HH:mm}Z): the clock was ahead, or is behind now. It counts as fetched now." : null)
                ?? (all.FirstOrDefault(one => one.IsStale) is { } stale ? $"The feed '{stale.Feed.Name}' is too old to be enforced: {stale.State.LastError}" : null);
        }
    }

    /// <summary>By name.</summary>
    public FeedRunner[] All => [.. _running.Values.Select(one => one.Runner).OrderBy(one => one.Feed.Name, StringComparer.Ordinal)];

    public IReadOnlyDictionary<string, long> Read()
    {
        FeedRunner[] all = All;
        return new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["feeds"] = all.Length,
            ["entries"] = all.Sum(one => (long)one.List.Entries.Count),
            ["claims"] = all.Sum(one => (long)one.Claimed),
            ["held"] = all.Count(one => one.State.Held is not null),
            ["failing"] = all.Count(one => one.State.Failures > 0),
            ["stale"] = all.Count(one => one.IsStale),
            ["fetches"] = all.Sum(one => one.Counters.Fetches),
            ["failures"] = all.Sum(one => one.Counters.Failures),
            ["invalid"] = all.Sum(one => one.Counters.Invalid),
            ["refused"] = all.Sum(one => one.Counters.Refused),
            ["bytes"] = all.Sum(one => one.Counters.Bytes),
        };
    }

    public FeedRunner? Find(string name) => _running.TryGetValue(name, out Running? known) ? known.Runner : null;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<(Feed Feed, FeedState State)> stored = _store.All();
            IEnumerable<(Feed, FeedState)> missing = _options.Use.Select(name => FeedCatalogue.Find(name)!).Where(known => !stored.Any(one => string.Equals(one.Feed.Name, known.Name, StringComparison.Ordinal)))
                .Select(known => (new Feed(known.Name, known.Settings, null, 1), new FeedState()));

            foreach ((Feed feed, FeedState state) in stored.Where(one => one.Feed.Settings.Verdict is not null && !one.State.IsDoubted))
            {
                _budget.Set(feed.Name, state.Stopped.Select(text => Address.Parse(text)));
            }

            // Allow lists first: what they have is not to be blocked for the moment between.
            foreach ((Feed feed, FeedState state) in stored.Concat(missing).OrderByDescending(one => one.Item1.Settings.Kind is FeedKind.Allow).ToArray())
            {
                if (!stored.Any(one => string.Equals(one.Feed.Name, feed.Name, StringComparison.Ordinal)))
                {
                    await _store.PutAsync(feed, state);
                }

                await RunAsync(feed, state, before: null);
            }

            // What a feed claimed that was removed while the process died.
            foreach (string owner in _claims.Owners().Where(owner => !owner.Contains(':', StringComparison.Ordinal) && Find(owner) is null))
            {
                _claims.Withdraw(owner);
            }
        }
        catch (StoreException failure)
        {
            _unread = $"Feeds cannot be read: {failure.Message}";
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Makes a feed, or gives one that is there other settings.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">What it shall be.</param>
    /// <param name="token">What it is fetched with.</param>
    /// <param name="fits">Whether the one that is there is the one that was read; null: there must be none.</param>
    /// <exception cref="StoreException">The disk refused.</exception>
    public async Task<FeedChange> PutAsync(string name, FeedSettings settings, string? token, Func<Feed, bool>? fits)
    {
        await _editing.WaitAsync();
        try
        {
            FeedRunner? before = Find(name);
            if (before is null != fits is null)
            {
                return before is null ? FeedChange.Missing : FeedChange.Exists;
            }

            if (before is not null && !fits!(before.Feed))
            {
                return FeedChange.Stale;
            }

            if (before is null && _running.Count >= MaxFeeds)
            {
                return FeedChange.Full;
            }

            Feed made = new(name, settings, token, (before?.Feed.Revision ?? 0) + 1);
            bool isSameSource = before is not null && settings.HasSourceOf(before.Feed.Settings);
            bool isHarsher = before is not null && settings.IsHarsherThan(before.Feed.Settings);
            FeedState state = !isSameSource ? new FeedState()
                : isHarsher ? before!.State.WithoutConsent()
                : before!.State;

            // Should the process die now, it is not acted on before it is fetched and judged again.
            await _store.PutAsync(made, isHarsher && isSameSource ? state with { IsDoubted = true } : state);
            if (before is not null)
            {
                await EndAsync(name);
                state = isSameSource ? isHarsher ? before.State.WithoutConsent() : before.State : state;
            }

            await RunAsync(made, state, isSameSource ? before : null);
            if (before?.Feed.Settings.Kind is FeedKind.Allow && settings is not { Enabled: true, Kind: FeedKind.Allow })
            {
                Allow(name, null);
            }

            return FeedChange.Done;
        }
        finally
        {
            _editing.Release();
        }
    }

    /// <summary>Takes a feed away, and what it claims.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public async Task<FeedChange> RemoveAsync(string name, Func<Feed, bool> fits)
    {
        await _editing.WaitAsync();
        try
        {
            if (Find(name) is not { } before)
            {
                return FeedChange.Missing;
            }

            if (!fits(before.Feed))
            {
                return FeedChange.Stale;
            }

            await _store.RemoveAsync(name);
            await EndAsync(name);
            if (before.Feed.Settings.Kind is FeedKind.Allow)
            {
                Allow(name, null);
            }

            _claims.Withdraw(name);
            _copy.Remove(name);
            _copy.Remove(FeedCopy.Waiting(name));
            _budget.Release(name);
            return FeedChange.Done;
        }
        finally
        {
            _editing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host may stop its services twice.
        if (Interlocked.Exchange(ref _isStopped, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values.Select(one => EndedAsync(one.Task)));
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        foreach (Running one in _running.Values)
        {
            one.End.Dispose();
            one.Runner.Dispose();
        }

        _stopping.Dispose();
        _editing.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;

    /// <summary>Opens a feed and begins to fetch it.</summary>
    /// <param name="feed">Which.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="before">The same list under other settings; null: there is none.</param>
    private async Task RunAsync(Feed feed, FeedState state, FeedRunner? before)
    {
        FeedRunner runner = new(feed, state, _parts);
        runner.Open(before is { List.Ranges.IsEmpty: false } ? before.List : null, before?.Staged);
        CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        Task task = feed.Settings.Enabled ? Task.Run(() => new FeedLoop(runner, _parts.Time).RunAsync(end.Token), CancellationToken.None) : Task.CompletedTask;
        Use(new Dictionary<string, Running>(_running, StringComparer.Ordinal) { [feed.Name] = new Running(runner, end, task) });
        if (!ReferenceEquals(runner.State, state))
        {
            await runner.RememberAsync();
        }
    }

    /// <summary>Waits until a feed has ended, however it did.</summary>
    private static async Task EndedAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Use(Dictionary<string, Running> running)
    {
        _running = running;
        _mentions.Use(All);
    }

    private async Task EndAsync(string name)
    {
        Running stopping = _running[name];
        await stopping.End.CancelAsync();
        await EndedAsync(stopping.Task);
        await stopping.Runner.EndAsync();
        stopping.End.Dispose();
        Use(_running.Where(one => !string.Equals(one.Key, name, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal));
    }

    // Those whose entries it has are made again by themselves: whoever tells of the change may be one of them.
    private void Allow(string name, ScopeRanges? ranges)
    {
        _claims.Allow(name, ranges);
        foreach (Running one in _running.Values.Where(one => one.Runner.Feed.Settings.Kind is not FeedKind.Allow))
        {
            _ = Task.Run(one.Runner.RenewAsync);
        }
    }

    private sealed record Running(FeedRunner Runner, CancellationTokenSource End, Task Task);
}
