using System.Collections.Immutable;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Fingerprints;

/// <summary>
/// What is known of fingerprints: shipped, and what the operator made of it. In memory for the packet path, and in the store. Reading takes no
/// lock. An exact entry goes before a beginning, a longer beginning before a shorter one.
/// </summary>
/// <param name="store">Null: nothing is kept (a replay).</param>
public sealed class FingerprintDatabase(FingerprintStore? store) : IHostedService, IStatsSource, IHealthSource, IDisposable
{
    /// <summary>Entries at most.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Of them such with a beginning only: each is compared in turn.</summary>
    public const int MaxPrefixes = 2000;

    /// <summary>Entries that a filtered page looks at.</summary>
    private const int MostLookedAt = 20_000;

    private static readonly ImmutableSortedSet<FingerprintEntry> s_empty =
        ImmutableSortedSet.Create<FingerprintEntry>(Comparer<FingerprintEntry>.Create((a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Value, b.Value)));

    private readonly SemaphoreSlim _changing = new(1);
    private volatile State _state = new(s_empty, [], 0);
    private long _revision = 1;
    private string? _fault;

    public string Name => "fingerprintDatabase";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Another number after each change.</summary>
    public long Version => _state.Version;

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["entries"] = _state.Entries.Count,
        ["prefixes"] = _state.Prefixes.Length,
    };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<FingerprintEntry> shipped, long version) = ShippedFingerprints.Read();
        try
        {
            Replace(store is null ? shipped : await store.LoadAsync(shipped, version));
        }
        catch (StoreException failure)
        {
            Replace(shipped);
            Volatile.Write(ref _fault, $"The fingerprint database cannot be read ({failure.Message}); only what is shipped is known.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is known of a fingerprint; null: nothing.</summary>
    public FingerprintEntry? Find(FingerprintKind kind, string value)
    {
        State state = _state;
        if (Exact(state, kind, value) is { } exact)
        {
            return exact;
        }

        foreach (FingerprintEntry entry in state.Prefixes)
        {
            if (entry.Kind == kind && value.AsSpan().StartsWith(entry.Value.AsSpan(..^1), StringComparison.Ordinal))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The entry of that name; null: there is none.</summary>
    public FingerprintEntry? Get(FingerprintKind kind, string value) => Exact(_state, kind, value);

    public FingerprintPage List(FingerprintQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ImmutableSortedSet<FingerprintEntry> entries = _state.Entries;
        int at = 0;
        if (query.After is { } after)
        {
            at = entries.IndexOf(Key(after.Kind, after.Value));
            at = at < 0 ? ~at : at + 1;
        }

        List<FingerprintEntry> items = [];
        for (int looked = 0; at < entries.Count; at++, looked++)
        {
            if (items.Count == query.Limit || looked == MostLookedAt)
            {
                return new FingerprintPage(items, entries[at - 1]);
            }

            if (Matches(entries[at], query))
            {
                items.Add(entries[at]);
            }
        }

        return new FingerprintPage(items, null);
    }

    /// <summary>All entries in order of kind and value.</summary>
    public IEnumerable<FingerprintEntry> All() => _state.Entries;

    /// <summary>Makes or replaces an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="read">Whether an existing one is the one that the caller has read; null: the caller has read none.</param>
    /// <returns>How it went, the entry with its revision, and the one before; null: there was none.</returns>
    public async Task<(FingerprintChange Change, FingerprintEntry Stored, FingerprintEntry? Before)> PutAsync(FingerprintEntry entry, Func<FingerprintEntry, bool>? read)
    {
        ArgumentNullException.ThrowIfNull(entry);
        FingerprintEntry stored = entry;
        FingerprintEntry? before = null;
        FingerprintChange change = await ChangeAsync(() =>
        {
            before = Get(entry.Kind, entry.Value);
            if (before is null ? read is not null : read?.Invoke(before) != true)
            {
                return Task.FromResult(before is null ? FingerprintChange.Missing : read is null ? FingerprintChange.Unread : FingerprintChange.Stale);
            }

            stored = entry with { Shipped = false, Revision = _revision + 1 };
            return SaveAsync([stored]);
        });
        return (change, stored, before);
    }

    /// <summary>Makes or replaces all of these, or none.</summary>
    public Task<FingerprintChange> ImportAsync(IReadOnlyList<FingerprintEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return ChangeAsync(() =>
        {
            long revision = _revision + 1;
            return SaveAsync([.. entries.Select(entry => entry with { Shipped = false, Revision = revision })]);
        });
    }

    /// <param name="kind">Kind of the entry.</param>
    /// <param name="value">Its value.</param>
    /// <param name="read">Whether it is the one that the caller has read; null: any.</param>
    public Task<FingerprintChange> RemoveAsync(FingerprintKind kind, string value, Func<FingerprintEntry, bool>? read) => ChangeAsync(() =>
        Get(kind, value) is not { } entry ? Task.FromResult(FingerprintChange.Missing)
            : read?.Invoke(entry) == false ? Task.FromResult(FingerprintChange.Stale)
            : ShowAsync(_state.Entries.Remove(entry), store?.RemoveAsync(entry, _revision + 1)));

    public void Dispose() => _changing.Dispose();

    /// <summary>One change after the other.</summary>
    private async Task<FingerprintChange> ChangeAsync(Func<Task<FingerprintChange>> change)
    {
        await _changing.WaitAsync();
        try
        {
            return await change();
        }
        catch (StoreException)
        {
            return FingerprintChange.NotStored;
        }
        finally
        {
            _changing.Release();
        }
    }

    private static FingerprintEntry? Exact(State state, FingerprintKind kind, string value) =>
        state.Entries.TryGetValue(Key(kind, value), out FingerprintEntry found) && found.Revision >= 0 ? found : null;

    // Only kind and value are compared.
    private static FingerprintEntry Key(FingerprintKind kind, string value) => new(kind, value, "", default, 0, "", null, Revision: -1);

    private static bool Matches(FingerprintEntry entry, FingerprintQuery query) =>
        (query.Kind is not { } kind || entry.Kind == kind)
        && (query.Category is not { } category || entry.Category == category)
        && (query.Text is not { } text || entry.Value.Contains(text, StringComparison.OrdinalIgnoreCase) || entry.Label.Contains(text, StringComparison.OrdinalIgnoreCase));

    private Task<FingerprintChange> SaveAsync(IReadOnlyList<FingerprintEntry> entries)
    {
        ImmutableSortedSet<FingerprintEntry>.Builder builder = _state.Entries.ToBuilder();
        foreach (FingerprintEntry entry in entries)
        {
            builder.Remove(entry);
            builder.Add(entry);
        }

        return builder.Count > MaxEntries || builder.Count(entry => entry.IsPrefix) > MaxPrefixes
            ? Task.FromResult(FingerprintChange.Full)
            : ShowAsync(builder.ToImmutable(), store?.SaveAsync(entries));
    }

    private async Task<FingerprintChange> ShowAsync(ImmutableSortedSet<FingerprintEntry> entries, Task? write)
    {
        await (write ?? Task.CompletedTask);
        _revision++;
        Publish(entries);
        return FingerprintChange.Done;
    }

    private void Replace(IReadOnlyList<FingerprintEntry> entries)
    {
        _revision = entries.Select(entry => entry.Revision).Append(1).Max();
        Publish(s_empty.Union(entries));
    }

    private void Publish(ImmutableSortedSet<FingerprintEntry> entries) =>
        _state = new State(entries, [.. entries.Where(entry => entry.IsPrefix).OrderByDescending(entry => entry.Value.Length)], _state.Version + 1);

    private sealed record State(ImmutableSortedSet<FingerprintEntry> Entries, ImmutableArray<FingerprintEntry> Prefixes, long Version);
}
