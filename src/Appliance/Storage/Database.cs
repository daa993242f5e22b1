using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace Blackwall.Storage;

/// <summary>Opens the state database and brings its schema up to date.</summary>
public sealed class Database(IOptions<StorageOptions> options, MigrationPlan migrations, TimeProvider time, ILogger<Database> log)
{
    /// <summary>Set when a corrupt database was put aside; a sentence for a person.</summary>
    public string? SetAside { get; private set; }

    public string Path => options.Value.DatabasePath;

    /// <summary>The connection of the one writer (<see cref="Journal"/>): schema migrated, write-ahead log, size bounded.</summary>
    public SqliteConnection OpenWriter()
    {
        SqliteConnection connection = Open(SqliteOpenMode.ReadWriteCreate);
        try
        {
            Run(connection, "PRAGMA journal_mode = WAL");

            // A commit that returned is on the disk; who can wait for a later one says so.
            Run(connection, "PRAGMA synchronous = FULL");

            // KiB: an import of a million rows must not read its own pages back.
            Run(connection, "PRAGMA cache_size = -16384");
            migrations.Run(connection);
            using Statement pageSize = new(connection, "PRAGMA page_size");
            long bytes = pageSize.Step() ? pageSize.Int64(0) : 4096;
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {options.Value.MaxMegabytes * 1024L * 1024 / bytes}"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that cannot write; many may be open.</summary>
    public SqliteConnection OpenReader() => Open(SqliteOpenMode.ReadOnly);

    /// <summary>Whether this is damage of the file, not of the disk or the moment.</summary>
    public static bool IsCorrupt(SqliteException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
    }

    /// <summary>Puts a corrupt database aside under a name with the time, so that the next open starts afresh and somebody can still look at it.</summary>
    public void PutAside(string why, string consequence)
    {
        string name = $"{Path}.corrupt-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}";
        foreach (string suffix in new[] { "", "-wal", "-shm" })
        {
            if (File.Exists(Path + suffix))
            {
                File.Move(Path + suffix, name + suffix, overwrite: true);
            }
        }

        SetAside = $"The database was corrupt ({why}) and is kept as {name}; {consequence}. Delete that file once it is of no more use.";
        StorageLog.PutAside(log, name, why, consequence);
    }

    /// <summary>Whether the disk or the file is at fault, so that nothing of the open transaction stands.</summary>
    internal static bool IsOfTheDisk(SqliteException failure) => failure.SqliteErrorCode
        is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM or raw.SQLITE_BUSY;

    /// <summary>Reads with a connection of its own.</summary>
    /// <exception cref="StoreException">SQLite could not.</exception>
    internal T Read<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using SqliteConnection connection = OpenReader();
            return work(connection);
        }
        catch (SqliteException failure)
        {
            throw new StoreException(failure.Message, failure);
        }
    }

    internal static void Run(SqliteConnection connection, string sql)
    {
        using Statement statement = new(connection, sql);
        while (statement.Step())
        {
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        // SQLite gives its log and index the mode of the database, and would make that for everybody.
        if (mode == SqliteOpenMode.ReadWriteCreate && !File.Exists(Path))
        {
            MakePrivate();
        }

        // Pooling would keep a handle on a file that was put aside.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Run(connection, "PRAGMA busy_timeout = 5000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void MakePrivate()
    {
        try
        {
            new FileStream(Path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is there by now, or cannot be made: then the open says why.
            return;
        }
    }
}
