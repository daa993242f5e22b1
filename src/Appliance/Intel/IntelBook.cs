using Blackwall.Api.Contracts;
using Blackwall.Intel.Stix;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Intel;

/// <summary>
/// What this appliance publishes: turns facts into versions of indicators and of the objects around them, each batch in one transaction. Written to by
/// its one reader of events and by the TAXII endpoints.
/// </summary>
internal sealed class IntelBook(StoreQueue queue, VerdictBoard board, IndicatorNames names, IOptions<IntelOptions> options, TimeProvider time) : IStatsSource, IHealthSource
{
    private const int SyncPage = 500;
    private const int PruneSlice = 1000;
    private static readonly Origin[] Shareable = [Origin.Local, Origin.Operator, Origin.Mesh];

    private StixPublisher? _publisher;
    private IndicatorObjects? _objects;
    private string? _fault;
    private long _rows = -1;
    private long _changes;
    private long _published;
    private long _evicted;
    private long _syncs;

    public string Name => "intel";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Null: the store could not be read yet.</summary>
    public StixPublisher? Publisher => Volatile.Read(ref _publisher);

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["objects"] = Math.Max(0, Interlocked.Read(ref _rows)),
        ["changes"] = Interlocked.Read(ref _changes),
        ["published"] = Interlocked.Read(ref _published),
        ["evicted"] = Interlocked.Read(ref _evicted),
        ["syncs"] = Interlocked.Read(ref _syncs),
    };

    /// <summary>Makes the publisher at the first start, and publishes what everything else refers to.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public async Task OpenAsync()
    {
        if (_objects is not null)
        {
            return;
        }

        try
        {
            (SavedPublisher saved, IReadOnlyList<(string Value, int Generation, bool Revoked)> later) = await queue.WriteAsync(Open);
            StixPublisher publisher = new(saved.Space, saved.Name, saved.Created, saved.Modified);
            _objects = new IndicatorObjects(publisher, options.Value.Tlp);
            names.Open(publisher, later);
            Volatile.Write(ref _publisher, publisher);
            Volatile.Write(ref _fault, null);
        }
        catch (StoreException failure)
        {
            Volatile.Write(ref _fault, $"Intelligence cannot be stored: {failure.Message}");
            throw;
        }
    }

    /// <summary>Takes facts in, all or nothing.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public async Task ApplyAsync(IReadOnlyList<IndicatorFact> facts)
    {
        if (facts.Count == 0)
        {
            return;
        }

        await OpenAsync();
        DateTimeOffset now = time.GetUtcNow();
        (int changes, long added, int evicted) = await WriteAsync(transaction => Apply(transaction, facts, now));
        Interlocked.Add(ref _changes, changes);
        Interlocked.Add(ref _published, added + evicted);
    }

    /// <summary>Compares everything with the board: after a gap in the events, and after a change of many decisions that was told as one.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public async Task SyncAsync(FactReader reader, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _syncs);
        foreach (Origin origin in Shareable)
        {
            long? before = long.MaxValue;
            while (before is { } from)
            {
                cancellation.ThrowIfCancellationRequested();
                DecisionPage page = board.List(new DecisionQuery(null, null, origin, null, from, SyncPage));
                await ApplyAsync([.. page.Items.SelectMany(decision => reader.OfDecision(DecisionBody.From(decision, [], enforced: false), decision.Start, "renewed"))]);
                before = page.Next;
            }
        }

        (IndicatorKind Kind, string Value)? after = (default, "");
        while (after is { } place)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<(IndicatorKind Kind, string Value, long Decision)> decided = await queue.WriteAsync(transaction =>
            {
                using IndicatorStore store = new(transaction);
                return store.Decided(place, SyncPage);
            });
            await ApplyAsync([.. decided.Where(one => board.Find(one.Decision) is null).Select(one => new IndicatorFact(one.Kind, one.Value, "local", null, 0, time.GetUtcNow()) { Sightings = 0, Effect = FactEffect.Revoke })]);
            after = decided.Count == SyncPage ? (decided[^1].Kind, decided[^1].Value) : null;
        }
    }

    /// <summary>Takes back what speaks of an address that is guarded by now.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public async Task WithdrawAsync(IReadOnlyList<GuardEntry> guarded)
    {
        foreach (GuardEntry[] some in guarded.Chunk(SyncPage))
        {
            await ApplyAsync([.. some.Select(entry => new IndicatorFact(entry.Scope.IsV4 ? IndicatorKind.Ipv4 : IndicatorKind.Ipv6, $"{entry.Scope}", "local", null, 0, time.GetUtcNow()) { Sightings = 0, Effect = FactEffect.Revoke })]);
        }
    }

    /// <summary>Adds objects as they are, or takes some away, in one transaction; what there is too much of makes room.</summary>
    /// <exception cref="StoreException">The disk refused.</exception>
    public Task<T> EditAsync<T>(Func<StixObjectWriterStore, T> edit) => WriteAsync(transaction =>
    {
        using StixObjectWriterStore writer = new(transaction, time.GetUtcNow(), options.Value.MaxVersions);
        T result = edit(writer);
        Bound(writer);
        return result;
    });

    private async Task<T> WriteAsync<T>(Func<StoreTransaction, T> work)
    {
        try
        {
            T result = await queue.WriteAsync(work);
            Volatile.Write(ref _fault, null);
            return result;
        }
        catch (StoreException failure)
        {
            // What the transaction counted was rolled back with it.
            Interlocked.Exchange(ref _rows, -1);
            Volatile.Write(ref _fault, $"Intelligence cannot be stored: {failure.Message}");
            throw;
        }
    }

    private (SavedPublisher Saved, IReadOnlyList<(string Value, int Generation, bool Revoked)> Later) Open(StoreTransaction transaction)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        using IndicatorStore indicators = new(transaction);
        SavedPublisher? before = indicators.Publisher();
        SavedPublisher saved = before ?? new SavedPublisher(Guid.NewGuid(), options.Value.Name, now, now);
        if (!string.Equals(saved.Name, options.Value.Name, StringComparison.Ordinal))
        {
            saved = saved with { Name = options.Value.Name, Modified = now > saved.Modified ? now : saved.Modified.AddMilliseconds(1) };
        }

        if (saved != before)
        {
            indicators.Put(saved);
        }

        using StixObjectWriterStore writer = new(transaction, now, options.Value.MaxVersions);
        foreach (StixObject constant in StixConstants.Of(new StixPublisher(saved.Space, saved.Name, saved.Created, saved.Modified)))
        {
            writer.Put(Collection.Local, constant);
        }

        Interlocked.Exchange(ref _rows, writer.Count());
        return (saved, indicators.Later());
    }

    private (int Changes, long Added, int Evicted) Apply(StoreTransaction transaction, IReadOnlyList<IndicatorFact> facts, DateTimeOffset now)
    {
        using IndicatorStore indicators = new(transaction);
        using StixObjectWriterStore writer = new(transaction, now, options.Value.MaxVersions);
        Dictionary<(IndicatorKind, string), PendingIndicator> pending = [];
        foreach (IndicatorFact fact in facts)
        {
            (IndicatorKind, string) key = (fact.Kind, fact.Value);
            PendingIndicator? earlier = pending.GetValueOrDefault(key);
            Indicator? before = earlier?.After ?? indicators.Find(fact.Kind, fact.Value);
            if (IndicatorMerge.Apply(before, Ended(fact, before, now), now, TimeSpan.FromHours(options.Value.ValidityHours)) is not { } merged)
            {
                continue;
            }

            // What happens to a value at once is one version, unless an indicator ends and another begins.
            if (earlier is not null && earlier.After.Generation != merged.After.Generation)
            {
                Publish(earlier, indicators, writer);
                earlier = null;
            }

            pending[key] = new PendingIndicator(merged.After, merged.IsChanged || earlier?.IsChanged == true, merged.TellSightings || earlier?.TellSightings == true);
        }

        foreach (PendingIndicator one in pending.Values)
        {
            Publish(one, indicators, writer);
        }

        int changes = pending.Count;
        long added = writer.Added;
        int evicted = Bound(writer);
        if (evicted > 0)
        {
            indicators.Prune(options.Value.MaxObjects);
        }

        return (changes, added - evicted, evicted);
    }

    private void Publish(PendingIndicator pending, IndicatorStore indicators, StixObjectWriterStore writer)
    {
        indicators.Put(pending.After);
        names.Set(pending.After);
        foreach (StixObject made in _objects!.Of(pending.After, pending.IsChanged, pending.TellSightings))
        {
            writer.Put(Collection.Local, made);
        }
    }

    // A decision that is gone and whose time is over was not taken back.
    private static IndicatorFact Ended(IndicatorFact fact, Indicator? before, DateTimeOffset now) =>
        fact.Effect is FactEffect.Revoke && before?.ValidUntil <= now ? fact with { Effect = FactEffect.Settle } : fact;

    private int Bound(StixObjectWriterStore writer)
    {
        long rows = Interlocked.Read(ref _rows);
        rows = rows < 0 ? writer.Count() : rows + writer.Added;
        int evicted = rows > options.Value.MaxObjects ? writer.Prune(rows - options.Value.MaxObjects + PruneSlice) : 0;
        Interlocked.Exchange(ref _rows, rows - evicted);
        Interlocked.Add(ref _evicted, evicted);
        return evicted;
    }

    private sealed record PendingIndicator(Indicator After, bool IsChanged, bool TellSightings);
}
