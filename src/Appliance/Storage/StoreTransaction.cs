using Microsoft.Data.Sqlite;

namespace Blackwall.Storage;

/// <summary>The journal's open transaction, for stores that write along with it.</summary>
internal readonly record struct StoreTransaction(SqliteConnection Connection);
