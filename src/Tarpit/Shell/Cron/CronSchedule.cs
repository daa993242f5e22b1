using System.Globalization;

namespace Blackwall.Tarpit.Shell.Cron;

/// <summary>When a line of a crontab is due, as crontab(5) of Debian's cron has it: a bit for each minute, hour, day of the month, month and day of the week.</summary>
/// <param name="IsAnyDay">Both days count only together: one of the two fields begins with an asterisk.</param>
internal sealed record CronSchedule(ulong Minutes, uint Hours, uint Days, uint Months, uint Weekdays, bool IsAnyDay)
{
    private const int Fields = 5;

    private static readonly (string Name, int First, int Last, string[] Names)[] s_fields =
    [
        ("minute", 0, 59, []),
        ("hour", 0, 23, []),
        ("day-of-month", 1, 31, []),
        ("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day-of-week", 0, 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    /// <summary>Whether it is due in the minute that a moment is in.</summary>
    public bool IsDue(DateTimeOffset moment)
    {
        bool isDay = (Days >> moment.Day & 1) != 0, isWeekday = (Weekdays >> (int)moment.DayOfWeek & 1) != 0;
        return (Minutes >> moment.Minute & 1) != 0 && (Hours >> moment.Hour & 1) != 0 && (Months >> moment.Month & 1) != 0
            && (IsAnyDay ? isDay && isWeekday : isDay || isWeekday);
    }

    /// <summary>Reads the time at the beginning of a line.</summary>
    /// <param name="rest">What follows it.</param>
    /// <param name="error">What crontab says of a wrong one: "bad minute".</param>
    /// <returns>Null: it is wrong, or (without an error) it is for the start of the machine.</returns>
    public static CronSchedule? Parse(string line, out string rest, out string? error)
    {
        error = null;
        if (line.StartsWith('@'))
        {
            int end = line.AsSpan().IndexOfAny(' ', '\t');
            (string word, rest) = end < 0 ? (line, "") : (line[..end], line[end..].TrimStart(' ', '\t'));
            if (word is "@reboot")
            {
                return null;
            }

            string? fields = word switch
            {
                "@yearly" or "@annually" => "0 0 1 1 *",
                "@monthly" => "0 0 1 * *",
                "@weekly" => "0 0 * * 0",
                "@daily" or "@midnight" => "0 0 * * *",
                "@hourly" => "0 * * * *",
                _ => null,
            };
            error = fields is null ? "bad time specifier" : null;
            return fields is null ? null : Parse(fields + " ", out _, out _);
        }

        rest = line;
        ulong[] bits = new ulong[Fields];
        bool[] isStar = new bool[Fields];
        for (int n = 0; n < Fields; n++)
        {
            int end = rest.AsSpan().IndexOfAny(' ', '\t');
            if (end <= 0 || Bits(rest[..end], s_fields[n]) is not { } field)
            {
                error = "bad " + s_fields[n].Name;
                return null;
            }

            (bits[n], isStar[n]) = (field, rest[0] is '*');
            rest = rest[end..].TrimStart(' ', '\t');
        }

        // Sunday is 0 and 7.
        ulong weekdays = bits[4] | (bits[4] >> 7 & 1);
        return new CronSchedule(bits[0], (uint)bits[1], (uint)bits[2], (uint)bits[3], (uint)weekdays, isStar[2] || isStar[4]);
    }

    private static ulong? Bits(string text, (string Name, int First, int Last, string[] Names) field)
    {
        ulong bits = 0;
        foreach (string part in text.Split(','))
        {
            string[] stepped = part.Split('/');
            int step = 1;
            if (stepped.Length > 2 || (stepped.Length == 2 && (!int.TryParse(stepped[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1)))
            {
                return null;
            }

            string[] ends = stepped[0].Split('-');
            int? first = ends is ["*"] ? field.First : Value(ends[0], field), last = ends is ["*"] ? field.Last : ends.Length == 2 ? Value(ends[1], field) : ends.Length == 1 ? first : null;
            if (first is not { } from || last is not { } to || from > to || (stepped.Length == 2 && ends.Length == 1 && ends[0] is not "*"))
            {
                return null;
            }

            for (int value = from; value <= to; value += step)
            {
                bits |= 1UL << value;
            }
        }

        return bits;
    }

    private static int? Value(string text, (string Name, int First, int Last, string[] Names) field)
    {
        int name = Array.FindIndex(field.Names, known => string.Equals(known, text, StringComparison.OrdinalIgnoreCase));
        return name >= 0 ? name + (field.First == 1 ? 1 : 0)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= field.First && value <= field.Last ? value : null;
    }
}
