using System.Collections.Immutable;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Fingerprints;

/// <summary>
/// What is known of fingerprints: shipped, and what the operator made of it. In memory for the packet path, and in the store. Reading takes no
/// lock. An exact entry goes before a beginning, a longer beginning before a shorter one.
/// </summary>
/// <param name="store">Null: nothing is kept (a replay).</param>
public sealed class FingerprintDatabase(FingerprintStore? store) : IHostedService, IStatsSource, IHealthSource
{
    /// <summary>Entries at most.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Of them such with a beginning only: each is compared in turn.</summary>
    public const int MaxPrefixes = 2000;

    /// <summary>Entries that a filtered page looks at.</summary>
    private const int MostLookedAt = 20_000;

    private static readonly ImmutableSortedSet<FingerprintEntry> s_empty =
        ImmutableSortedSet.Create<FingerprintEntry>(Comparer<FingerprintEntry>.Create((a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Value, b.Value)));

    private readonly Lock _changing = new();
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

    public Task StartAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<FingerprintEntry> shipped, long version) = ShippedFingerprints.Read();
        string? why = null;
        Replace(store?.TryLoad(shipped, version, out why) ?? shipped);
        if (why is not null)
        {
            Volatile.Write(ref _fault, $"The fingerprint database cannot be read ({why}); only what is shipped is known.");
        }

        return Task.CompletedTask;
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
    /// <param name="stored">The entry with its revision.</param>
    /// <param name="created">Whether there was none before.</param>
    public FingerprintChange Put(FingerprintEntry entry, Func<FingerprintEntry, bool>? read, out FingerprintEntry stored, out bool created)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_changing)
        {
            stored = entry;
            FingerprintEntry? before = Get(entry.Kind, entry.Value);
            created = before is null;
            if (before is null ? read is not null : read?.Invoke(before) != true)
            {
                return before is null ? FingerprintChange.Missing : read is null ? FingerprintChange.Unread : FingerprintChange.Stale;
            }

            stored = entry with { Shipped = false, Revision = _revision + 1 };
            return Save([stored]);
        }
    }

    /// <summary>Makes or replaces all of these, or none.</summary>
    public FingerprintChange Import(IReadOnlyList<FingerprintEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        lock (_changing)
        {
            long revision = _revision + 1;
            return Save([.. entries.Select(entry => entry with { Shipped = false, Revision = revision })]);
        }
    }

    /// <param name="kind">Kind of the entry.</param>
    /// <param name="value">Its value.</param>
    /// <param name="read">Whether it is the one that the caller has read; null: any.</param>
    public FingerprintChange Remove(FingerprintKind kind, string value, Func<FingerprintEntry, bool>? read)
    {
        lock (_changing)
        {
            if (Get(kind, value) is not { } entry)
            {
                return FingerprintChange.Missing;
            }

            if (read?.Invoke(entry) == false)
            {
                return FingerprintChange.Stale;
            }

            return Show(_state.Entries.Remove(entry), store?.TryRemove(entry, _revision + 1) != false);
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

    private FingerprintChange Save(IReadOnlyList<FingerprintEntry> entries)
    {
        ImmutableSortedSet<FingerprintEntry>.Builder builder = _state.Entries.ToBuilder();
        foreach (FingerprintEntry entry in entries)
        {
            builder.Remove(entry);
            builder.Add(entry);
        }

        return builder.Count > MaxEntries || builder.Count(entry => entry.IsPrefix) > MaxPrefixes
            ? FingerprintChange.Full
            : Show(builder.ToImmutable(), store?.TrySave(entries) != false);
    }

    private FingerprintChange Show(ImmutableSortedSet<FingerprintEntry> entries, bool stored)
    {
        if (!stored)
        {
            return FingerprintChange.NotStored;
        }

        _revision++;
        Show(entries);
        return FingerprintChange.Done;
    }

    private void Replace(IReadOnlyList<FingerprintEntry> entries)
    {
        _revision = entries.Select(entry => entry.Revision).Append(1).Max();
        Show(s_empty.Union(entries));
    }

    private void Show(ImmutableSortedSet<FingerprintEntry> entries) =>
        _state = new State(entries, [.. entries.Where(entry => entry.IsPrefix).OrderByDescending(entry => entry.Value.Length)], _state.Version + 1);

    private sealed record State(ImmutableSortedSet<FingerprintEntry> Entries, ImmutableArray<FingerprintEntry> Prefixes, long Version);
}
