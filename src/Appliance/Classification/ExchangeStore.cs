using Blackwall.Storage;

namespace Blackwall.Classification;

/// <summary>Keeps the newest exchanges with models. Thread-safe.</summary>
internal sealed class ExchangeStore(StoreQueue queue, Database database)
{
    /// <summary>Exchanges that are kept.</summary>
    public const int Kept = 1000;

    /// <summary>Its number. On the disk when the task completes.</summary>
    /// <exception cref="StoreException">The disk refused: nothing was stored.</exception>
    public Task<long> AddAsync(Exchange exchange) => queue.WriteAsync(transaction =>
    {
        using Statement write = new(
            transaction.Connection,
            "INSERT INTO model_exchange (time, model, outcome, detail, sources, question, answer, prompt_tokens, answer_tokens, milliseconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id");
        write.Bind(0, exchange.Time.ToUnixTimeMilliseconds()).Bind(1, exchange.Model).Bind(2, OpinionWords.For(exchange.Outcome)).Bind(3, exchange.Detail).Bind(4, exchange.Sources)
            .Bind(5, exchange.Question).Bind(6, exchange.Answer).Bind(7, exchange.PromptTokens).Bind(8, exchange.AnswerTokens).Bind(9, exchange.Milliseconds);
        write.Step();
        long id = write.Int64(0);
        using Statement forget = new(transaction.Connection, "DELETE FROM model_exchange WHERE id <= ?");
        forget.Bind(0, id - Kept).Step();
        return id;
    });

    /// <summary>Newest first.</summary>
    /// <param name="before">Only those with a smaller number.</param>
    /// <param name="limit">At most so many.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<Exchange> List(long before, int limit) => database.Read(connection =>
    {
        List<Exchange> found = [];
        using Statement read = new(
            connection,
            "SELECT id, time, model, outcome, detail, sources, question, answer, prompt_tokens, answer_tokens, milliseconds FROM model_exchange WHERE id < ? ORDER BY id DESC LIMIT ?");
        read.Bind(0, before).Bind(1, limit);
        while (read.Step())
        {
            string outcome = read.Text(3);
            found.Add(new Exchange(
                read.Int64(0),
                DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(1)),
                read.Text(2),
                Enum.GetValues<ModelOutcome>().FirstOrDefault(o => string.Equals(OpinionWords.For(o), outcome, StringComparison.Ordinal)),
                read.IsNull(4) ? null : read.Text(4),
                (int)read.Int64(5),
                read.Text(6),
                read.Text(7),
                (int)read.Int64(8),
                (int)read.Int64(9),
                read.Int64(10)));
        }

        return found;
    });
}
