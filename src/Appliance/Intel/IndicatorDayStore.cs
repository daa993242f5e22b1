using Blackwall.Storage;

namespace Blackwall.Intel;

/// <summary>Reads the states of indicators by the day on which they were last changed.</summary>
internal sealed class IndicatorDayStore(Database database)
{
    private const long Day = 86_400_000;

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<(DateOnly Day, DateTimeOffset Changed)> Days(int most) => database.Read(connection =>
    {
        List<(DateOnly, DateTimeOffset)> days = [];
        long before = long.MaxValue;
        while (days.Count < most)
        {
            // The newest of each day, by the index: a day at a time, whatever it holds.
            using Statement read = new(connection, "SELECT changed FROM indicator WHERE kind > 0 AND changed < ? ORDER BY changed DESC LIMIT 1");
            if (!read.Bind(0, before).Step())
            {
                break;
            }

            DateTimeOffset changed = DateTimeOffset.FromUnixTimeMilliseconds(read.Int64(0));
            days.Add((DateOnly.FromDateTime(changed.UtcDateTime), changed));
            before = read.Int64(0) / Day * Day;
        }

        return days;
    });

    /// <summary>States of a day, the last changed first: JSON.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<string> Of(DateOnly day, int most) => database.Read(connection =>
    {
        List<string> states = [];
        long from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
        using Statement read = new(connection, "SELECT state FROM indicator WHERE kind > 0 AND changed >= ? AND changed < ? ORDER BY changed DESC LIMIT ?");
        read.Bind(0, from).Bind(1, from + Day).Bind(2, most);
        while (read.Step())
        {
            states.Add(read.Text(0));
        }

        return states;
    });
}
