using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Data.Sqlite;

namespace Blackwall.Storage;

/// <summary>Reads decisions that have ended. Thread-safe: a connection for each call.</summary>
public sealed class HistoryStore(Database database, StoreQueue queue)
{
    /// <summary>Most rows that one page looks at.</summary>
    private const int MaxExamined = 65_536;

    /// <summary>Those that fit the query, the last to end first. A cursor and ids below it count endings, not decisions. A store that cannot be read gives nothing.</summary>
    /// <returns>The page, and where the next one begins; null: that was all.</returns>
    public async Task<(IReadOnlyList<EndedDecision> Items, long? Next)> ListAsync(DecisionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);

        // What ended a moment ago may wait to be stored.
        await queue.FlushAsync(durable: false, cancellationToken);
        try
        {
            return database.Read(connection => List(connection, query));
        }
        catch (StoreException)
        {
            return ([], null);
        }
    }

    private static (IReadOnlyList<EndedDecision> Items, long? Next) List(SqliteConnection connection, DecisionQuery query)
    {
        List<EndedDecision> items = [];
        using Statement read = new(connection, "SELECT seq, id, address, length, origin, verdict, start, expiry, reason, actor, comment, ended, cause, ended_by, owner FROM decision_history WHERE seq < ? ORDER BY seq DESC LIMIT ?");
        read.Bind(0, query.Before).Bind(1, MaxExamined);
        int examined = 0;
        long last = query.Before;
        while (read.Step())
        {
            if (items.Count == query.Limit)
            {
                return (items, last);
            }

            examined++;
            EndedDecision ended = Row(read);
            last = ended.Sequence;
            if (query.Fits(ended.Decision))
            {
                items.Add(ended);
            }
        }

        return (items, examined == MaxExamined ? last : null);
    }

    private static EndedDecision Row(Statement read)
    {
        Address network = Address.FromBytes(read.Blob(2));
        long expiry = read.Int64(7);
        Decision decision = new(
            read.Int64(1),
            Prefix.Around(network, (int)Math.Clamp(read.Int64(3), 0, network.Bits)),
            (Verdict)read.Int64(5),
            (Origin)read.Int64(4),
            read.Text(8),
            1,
            DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(6)),
            expiry == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(expiry),
            [],
            read.IsNull(10) ? null : read.Text(10),
            read.Text(9));
        decision = read.IsNull(14) ? decision : decision with { Owner = read.Text(14) };
        return new EndedDecision(read.Int64(0), decision, DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(11)), (DecisionChangeKind)read.Int64(12), read.Text(13));
    }
}
