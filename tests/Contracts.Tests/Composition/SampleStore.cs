using Blackwall.Storage;

namespace Blackwall.Tests.Composition;

internal sealed class SampleStore(Database database)
{
    public void Add(string text) => database.Use(writing: true, connection =>
    {
        using Statement add = new(connection, "INSERT INTO sample (text) VALUES (?)");
        return add.Bind(0, text).Step();
    });

    public int Rows() => database.Use(writing: false, connection =>
    {
        using Statement count = new(connection, "SELECT count(*) FROM sample");
        return count.Step() ? (int)count.Int64(0) : 0;
    });
}
