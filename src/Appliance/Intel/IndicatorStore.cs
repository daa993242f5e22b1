using System.Text.Json;
using Blackwall.Storage;

namespace Blackwall.Intel;

/// <summary>The state of indicators, inside one transaction of the journal.</summary>
internal sealed class IndicatorStore(StoreTransaction transaction) : IDisposable
{
    private readonly Statement _read = new(transaction.Connection, "SELECT state FROM indicator WHERE kind = ? AND value = ?");
    private readonly Statement _write = new(transaction.Connection, "INSERT OR REPLACE INTO indicator (kind, value, ends, decided, generation, changed, state, created) VALUES (?,?,?,?,?,?,?,?)");

    public Indicator? Find(IndicatorKind kind, string value)
    {
        _read.Bind(0, (long)kind).Bind(1, value);
        Indicator? found = _read.Step() ? JsonSerializer.Deserialize(_read.Text(0), IntelJson.Default.Indicator) : null;
        _read.Reset();
        return found;
    }

    public void Put(Indicator indicator) => _write
        .Bind(0, (long)indicator.Kind)
        .Bind(1, indicator.Value)
        .Bind(2, indicator.Revoked ? 0 : indicator.ValidUntil?.ToUnixTimeMilliseconds() ?? long.MaxValue)
        .Bind(3, indicator is { Revoked: false, DecisionId: not 0 } ? 1 : 0)
        .Bind(4, indicator.Generation)
        .Bind(5, indicator.Modified.ToUnixTimeMilliseconds())
        .Bind(6, JsonSerializer.Serialize(indicator, IntelJson.Default.Indicator))
        .Bind(7, indicator.Created.ToUnixTimeMilliseconds())
        .Step();

    /// <summary>Values that rest on a decision, after the one given, in order.</summary>
    public IReadOnlyList<(IndicatorKind Kind, string Value, long Decision)> Decided((IndicatorKind Kind, string Value) after, int most)
    {
        List<(IndicatorKind, string, long)> found = [];
        using Statement list = new(transaction.Connection, "SELECT kind, value, state FROM indicator WHERE (kind, value) > (?, ?) AND decided = 1 ORDER BY kind, value LIMIT ?");
        list.Bind(0, (long)after.Kind).Bind(1, after.Value).Bind(2, most);
        while (list.Step())
        {
            found.Add(((IndicatorKind)list.Int64(0), list.Text(1), JsonSerializer.Deserialize(list.Text(2), IntelJson.Default.Indicator)?.DecisionId ?? 0));
        }

        return found;
    }

    /// <summary>Addresses whose indicator was revoked, or is not the first one.</summary>
    public IReadOnlyList<(string Value, int Generation, bool Revoked)> Later()
    {
        List<(string, int, bool)> found = [];
        using Statement list = new(transaction.Connection, "SELECT value, generation, ends = 0 FROM indicator WHERE kind IN (1, 2) AND (generation > 0 OR ends = 0)");
        while (list.Step())
        {
            found.Add((list.Text(0), (int)list.Int64(1), list.Int64(2) != 0));
        }

        return found;
    }

    /// <summary>Forgets those that ended first, when there are more than this.</summary>
    public void Prune(long most)
    {
        using Statement prune = new(transaction.Connection, "DELETE FROM indicator WHERE (kind, value) IN (SELECT kind, value FROM indicator WHERE kind > 0 ORDER BY ends LIMIT max(0, (SELECT count(*) FROM indicator) - ?))");
        prune.Bind(0, most).Step();
    }

    /// <summary>Who publishes; null: nobody did yet.</summary>
    public SavedPublisher? Publisher()
    {
        _read.Bind(0, 0).Bind(1, nameof(Publisher));
        SavedPublisher? found = _read.Step() ? JsonSerializer.Deserialize(_read.Text(0), IntelJson.Default.SavedPublisher) : null;
        _read.Reset();
        return found;
    }

    public void Put(SavedPublisher publisher) => _write
        .Bind(0, 0).Bind(1, nameof(Publisher)).Bind(2, (string?)null).Bind(3, 0).Bind(4, 0).Bind(5, 0).Bind(6, JsonSerializer.Serialize(publisher, IntelJson.Default.SavedPublisher)).Bind(7, 0).Step();

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
    }
}
