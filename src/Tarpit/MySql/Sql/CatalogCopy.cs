using System.Collections.Immutable;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>
/// The databases as one address left them: what it changes is for its own connections alone, and for as long as it is remembered. What it may add is
/// bounded. Connections of one address may use it at the same time.
/// </summary>
internal sealed class CatalogCopy(Catalog start, long mostBytes)
{
    private readonly Lock _lock = new();
    private long _bytes;

    public Catalog Value { get; private set; } = start;

    /// <summary>Changes the catalog in one step.</summary>
    /// <param name="added">Bytes that the change adds.</param>
    /// <exception cref="MySqlException">There is no more room.</exception>
    public void Change(Func<Catalog, Catalog> change, string table, long added)
    {
        lock (_lock)
        {
            if (_bytes + added > mostBytes)
            {
                throw new MySqlException(new MySqlError(1114, "HY000", $"The table '{table}' is full"));
            }

            Value = change(Value);
            _bytes += added;
        }
    }

    /// <summary>Replaces the rows of a table.</summary>
    public void SetRows(string database, string table, ImmutableList<object?[]> rows, long nextId, long added) => Change(
        catalog => catalog.Find(database, table) is { } current ? catalog.With(database, current with { Rows = rows, NextId = nextId }) : catalog, table, added);
}
