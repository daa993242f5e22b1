using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Blackwall.Benchmarks.Programs;

/// <summary>A state folder with decisions in it, as an appliance would have left it.</summary>
internal static class StoredBoard
{
    /// <summary>Stores an operator's block of every scope; ids count up from <see cref="VerdictBoard.FirstStoredId"/> in order of scope.</summary>
    public static void Fill(string folder, IEnumerable<Prefix> scopes)
    {
        Directory.CreateDirectory(folder);
        Database database = new(Options.Create(new StorageOptions { StateFolder = folder }), FeatureList.Migrations(FeatureList.All), TimeProvider.System, NullLogger<Database>.Instance);
        using SqliteConnection connection = database.OpenWriter();
        using DecisionStore store = new(connection);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        long id = VerdictBoard.FirstStoredId;
        Database.Run(connection, "BEGIN IMMEDIATE");
        foreach (Prefix scope in scopes.Order())
        {
            store.Save(new SavedDecision(new ClaimKey(scope, Origin.Operator, ClaimOwner.Operator), id++, Verdict.Drop, now, long.MaxValue, 10_000, "import", "bench", null, []));
        }

        store.MarkIds(id, 0);
        Database.Run(connection, "COMMIT");
    }
}
