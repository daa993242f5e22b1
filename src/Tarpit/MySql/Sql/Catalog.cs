using System.Collections.Immutable;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>All databases of a server; never changed, only replaced, so that everybody shares what nobody changed.</summary>
internal sealed record Catalog(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, Table>> Databases)
{
    /// <summary>Databases that the server makes of itself.</summary>
    public static IReadOnlyList<string> SystemDatabases { get; } = ["information_schema", "mysql", "performance_schema", "sys"];

    public static Catalog Empty { get; } = new(ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, Table>>(StringComparer.OrdinalIgnoreCase));

    public bool Has(string database) => Databases.ContainsKey(database);

    public Table? Find(string database, string table) => Databases.GetValueOrDefault(database)?.GetValueOrDefault(table);

    public Catalog With(string database, Table table) => new(Databases.SetItem(database, (Databases.GetValueOrDefault(database) ?? NoTables).SetItem(table.Name, table)));

    public Catalog WithDatabase(string database) => Has(database) ? this : new Catalog(Databases.SetItem(database, NoTables));

    public Catalog Without(string database) => new(Databases.Remove(database));

    public Catalog Without(string database, string table) => new(Databases.SetItem(database, Databases[database].Remove(table)));

    private static ImmutableSortedDictionary<string, Table> NoTables { get; } = ImmutableSortedDictionary.Create<string, Table>(StringComparer.Ordinal);
}
