using Blackwall.Storage;

namespace Blackwall.Bridges.Tarpit.Improvisation;

/// <summary>Keeps what models said, so that the same command prints the same next week. The oldest give way. Thread-safe.</summary>
internal sealed class ImprovisationStore(StoreQueue queue, Database database)
{
    /// <summary>Answers that are kept.</summary>
    public const int Kept = 2000;

    /// <summary>What was answered before; null: nothing.</summary>
    /// <param name="question">SHA-256 of it in hexadecimal digits.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public string? Find(string question) => database.Read(connection =>
    {
        using Statement read = new(connection, "SELECT answer FROM tarpit_improvisation WHERE question = ?");
        return read.Bind(0, question).Step() ? read.Text(0) : null;
    });

    /// <summary>Keeps an answer.</summary>
    /// <exception cref="StoreException">The disk refused: nothing was stored.</exception>
    public Task KeepAsync(string question, string answer, DateTimeOffset now) => queue.WriteAsync(transaction =>
    {
        using Statement write = new(transaction.Connection, "INSERT OR IGNORE INTO tarpit_improvisation (question, answer, asked) VALUES (?, ?, ?)");
        write.Bind(0, question).Bind(1, answer).Bind(2, now.ToUnixTimeMilliseconds()).Step();
        using Statement forget = new(transaction.Connection, "DELETE FROM tarpit_improvisation WHERE question IN (SELECT question FROM tarpit_improvisation ORDER BY asked DESC LIMIT -1 OFFSET ?)");
        forget.Bind(0, Kept).Step();
        return 0L;
    });
}
