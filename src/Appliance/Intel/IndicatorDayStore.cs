using Blackwall.Storage;

namespace Blackwall.Intel;

/// <summary>Reads the states of indicators by the day on which they were first published.</summary>
internal sealed class IndicatorDayStore(Database database)
{
    private const long Day = 86_400_000;

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<(DateOnly Day, DateTimeOffset Changed)> Days(int most) => database.Read(connection =>
    {
        List<(DateOnly, DateTimeOffset)> days = [];
        long before = long.MaxValue;
        using Statement newest = new(connection, "SELECT created FROM indicator WHERE kind > 0 AND created < ? ORDER BY created DESC LIMIT 1");
        using Statement changed = new(connection, "SELECT max(changed) FROM indicator WHERE kind > 0 AND created >= ? AND created < ?");
        while (days.Count < most && newest.Bind(0, before).Step())
        {
            long from = newest.Int64(0) / Day * Day;
            newest.Reset();
            changed.Bind(0, from).Bind(1, from + Day).Step();
            days.Add((DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(from).UtcDateTime), DateTimeOffset.FromUnixTimeMilliseconds(changed.Int64(0))));
            changed.Reset();
            before = from;
        }

        return days;
    });

    /// <summary>States of a day, the last changed first: JSON.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<string> Of(DateOnly day, int most) => database.Read(connection =>
    {
        List<string> states = [];
        long from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
        using Statement read = new(connection, "SELECT state FROM indicator WHERE kind > 0 AND created >= ? AND created < ? ORDER BY changed DESC LIMIT ?");
        read.Bind(0, from).Bind(1, from + Day).Bind(2, most);
        while (read.Step())
        {
            states.Add(read.Text(0));
        }

        return states;
    });
}
