using Blackwall.Storage;

namespace Blackwall.Tests.Composition;

internal sealed class SampleStore(Database database, StoreQueue queue)
{
    public Task AddAsync(string text) => queue.WriteAsync(transaction =>
    {
        using Statement add = new(transaction.Connection, "INSERT INTO sample (text) VALUES (?)");
        add.Bind(0, text).Step();
    });

    public int Rows() => database.Read(connection =>
    {
        using Statement count = new(connection, "SELECT count(*) FROM sample");
        return count.Step() ? (int)count.Int64(0) : 0;
    });
}
