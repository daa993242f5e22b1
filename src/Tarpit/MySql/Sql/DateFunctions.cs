using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>The functions of dates and times. All times are UTC, as the machine's clock.</summary>
internal static class DateFunctions
{
    private const string DateTimeFormat = "yyyy-MM-dd HH:mm:ss";
    private const string DateFormat = "yyyy-MM-dd";

    private static readonly string[] s_formats = [DateTimeFormat, DateFormat, "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss.ffffff", "yyyy-MM-dd'T'HH:mm:ss", "yyyyMMddHHmmss", "yyyyMMdd"];

    public static void AddTo(Dictionary<string, Function> all)
    {
        void Add(string names, int least, int most, Func<Evaluation, object?[], object?> body)
        {
            foreach (string name in names.Split(' '))
            {
                all[name] = new Function(least, most, NullForNull: true, body);
            }
        }

        Add("NOW CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP SYSDATE UTC_TIMESTAMP", 0, 1, (e, _) => e.Now.ToString(DateTimeFormat, CultureInfo.InvariantCulture));
        Add("CURDATE CURRENT_DATE UTC_DATE", 0, 0, (e, _) => e.Now.ToString(DateFormat, CultureInfo.InvariantCulture));
        Add("CURTIME CURRENT_TIME UTC_TIME", 0, 1, (e, _) => e.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        Add("UNIX_TIMESTAMP", 0, 1, (e, v) => v.Length == 0 ? e.Now.ToUnixTimeSeconds() : Parse(v[0]) is { } time ? time.ToUnixTimeSeconds() : null);
        Add("FROM_UNIXTIME", 1, 2, (_, v) => Values.Integer(v[0]) is >= 0 and < 253_402_300_800 and var seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) is var time && v.Length == 2 ? Format(time, Values.Text(v[1])!) : time.ToString(DateTimeFormat, CultureInfo.InvariantCulture) : null);
        Add("DATE", 1, 1, (_, v) => Parse(v[0])?.ToString(DateFormat, CultureInfo.InvariantCulture));
        Add("TIME", 1, 1, (_, v) => Parse(v[0])?.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        Add("YEAR", 1, 1, (_, v) => (long?)Parse(v[0])?.Year);
        Add("MONTH", 1, 1, (_, v) => (long?)Parse(v[0])?.Month);
        Add("DAY DAYOFMONTH", 1, 1, (_, v) => (long?)Parse(v[0])?.Day);
        Add("HOUR", 1, 1, (_, v) => (long?)Parse(v[0])?.Hour);
        Add("MINUTE", 1, 1, (_, v) => (long?)Parse(v[0])?.Minute);
        Add("SECOND", 1, 1, (_, v) => (long?)Parse(v[0])?.Second);
        Add("DAYOFWEEK", 1, 1, (_, v) => Parse(v[0]) is { } time ? (long)time.DayOfWeek + 1 : null);
        Add("DAYNAME", 1, 1, (_, v) => Parse(v[0])?.DayOfWeek.ToString());
        Add("DAYOFYEAR", 1, 1, (_, v) => (long?)Parse(v[0])?.DayOfYear);
        Add("DATEDIFF", 2, 2, (_, v) => Parse(v[0]) is { } a && Parse(v[1]) is { } b ? (long)(a.Date - b.Date).TotalDays : null);
        Add("DATE_FORMAT", 2, 2, (_, v) => Parse(v[0]) is { } time ? Format(time, Values.Text(v[1])!) : null);
        Add("DATE_ADD ADDDATE", 2, 3, (_, v) => Shift(v, 1));
        Add("DATE_SUB SUBDATE", 2, 3, (_, v) => Shift(v, -1));
        Add("TIMESTAMPDIFF", 3, 3, (_, v) => Parse(v[1]) is { } a && Parse(v[2]) is { } b ? Difference(Values.Text(v[0])!, b - a) : null);
        Add("TIMEDIFF", 2, 2, (_, v) => Parse(v[0]) is { } a && Parse(v[1]) is { } b ? (a - b).ToString((a < b ? "'-'" : "") + "hh':'mm':'ss", CultureInfo.InvariantCulture) : null);
        Add("SEC_TO_TIME", 1, 1, (_, v) => TimeSpan.FromSeconds(Math.Clamp(Values.Integer(v[0]), 0, 3_000_000)) is var span ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours:00}:{span.Minutes:00}:{span.Seconds:00}") : null);
        Add("TO_DAYS", 1, 1, (_, v) => Parse(v[0]) is { } time ? (time.Date - DateTime.MinValue).Days + 366L : null);
        Add("QUARTER", 1, 1, (_, v) => Parse(v[0]) is { } time ? (time.Month + 2) / 3L : null);
        Add("WEEKDAY", 1, 1, (_, v) => Parse(v[0]) is { } time ? ((long)time.DayOfWeek + 6) % 7 : null);
        Add("WEEK WEEKOFYEAR", 1, 2, (_, v) => Parse(v[0]) is { } time ? (long)ISOWeek.GetWeekOfYear(time.Date) : null);
        Add("MONTHNAME", 1, 1, (_, v) => Parse(v[0])?.ToString("MMMM", CultureInfo.InvariantCulture));
        Add("LAST_DAY", 1, 1, (_, v) => Parse(v[0]) is { } time ? time.AddDays(DateTime.DaysInMonth(time.Year, time.Month) - time.Day).ToString(DateFormat, CultureInfo.InvariantCulture) : null);
        Add("MICROSECOND", 1, 1, (_, v) => Parse(v[0]) is null ? null : 0L);
        Add("TIMESTAMP", 1, 1, (_, v) => Parse(v[0])?.ToString(DateTimeFormat, CultureInfo.InvariantCulture));
        Add("TIMESTAMPADD", 3, 3, (_, v) => Shift([v[2], v[1], v[0]], 1));
        Add("TIME_TO_SEC", 1, 1, (_, v) => TimeSpan.TryParse(Values.Text(v[0]), CultureInfo.InvariantCulture, out TimeSpan span) ? (long)span.TotalSeconds : null);
        Add("TIME_FORMAT", 2, 2, (_, v) => Parse("2000-01-01 " + Values.Text(v[0])) is { } time ? Format(time, Values.Text(v[1])!) : null);
        Add("STR_TO_DATE", 2, 2, (_, v) => Parse(v[0])?.ToString(DateTimeFormat, CultureInfo.InvariantCulture));
        Add("CONVERT_TZ", 3, 3, (_, v) => Values.Text(v[0]));
    }

    private static DateTimeOffset? Parse(object? value) =>
        DateTimeOffset.TryParseExact(Values.Text(value), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;

    private static string? Shift(object?[] values, int sign)
    {
        if (Parse(values[0]) is not { } time)
        {
            return null;
        }

        double amount = Values.Number(values[1]) * sign;
        string unit = values.Length == 3 ? Values.Text(values[2])! : "DAY";
        try
        {
            DateTimeOffset moved = unit switch
            {
                "MICROSECOND" => time.AddMicroseconds(amount),
                "SECOND" => time.AddSeconds(amount),
                "MINUTE" => time.AddMinutes(amount),
                "HOUR" => time.AddHours(amount),
                "WEEK" => time.AddDays(amount * 7),
                "MONTH" => time.AddMonths((int)Math.Clamp(amount, -120_000, 120_000)),
                "QUARTER" => time.AddMonths((int)Math.Clamp(amount * 3, -120_000, 120_000)),
                "YEAR" => time.AddYears((int)Math.Clamp(amount, -10_000, 10_000)),
                _ => time.AddDays(amount),
            };
            bool isDate = Values.Text(values[0])!.Length == DateFormat.Length && unit is not ("SECOND" or "MINUTE" or "HOUR" or "MICROSECOND");
            return moved.ToString(isDate ? DateFormat : DateTimeFormat, CultureInfo.InvariantCulture);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static long Difference(string unit, TimeSpan span) => unit switch
    {
        "SECOND" => (long)span.TotalSeconds,
        "MINUTE" => (long)span.TotalMinutes,
        "HOUR" => (long)span.TotalHours,
        "WEEK" => (long)span.TotalDays / 7,
        "MONTH" => (long)(span.TotalDays / 30.436875),
        "YEAR" => (long)(span.TotalDays / 365.2425),
        _ => (long)span.TotalDays,
    };

    private static string Format(DateTimeOffset time, string format)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            char c = format[++i];
            text.Append(c switch
            {
                'Y' => time.ToString("yyyy", CultureInfo.InvariantCulture),
                'y' => time.ToString("yy", CultureInfo.InvariantCulture),
                'm' => time.ToString("MM", CultureInfo.InvariantCulture),
                'c' => time.Month.ToString(CultureInfo.InvariantCulture),
                'd' => time.ToString("dd", CultureInfo.InvariantCulture),
                'e' => time.Day.ToString(CultureInfo.InvariantCulture),
                'H' => time.ToString("HH", CultureInfo.InvariantCulture),
                'h' or 'I' => time.ToString("hh", CultureInfo.InvariantCulture),
                'i' => time.ToString("mm", CultureInfo.InvariantCulture),
                's' or 'S' => time.ToString("ss", CultureInfo.InvariantCulture),
                'p' => time.ToString("tt", CultureInfo.InvariantCulture),
                'T' => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                'M' => time.ToString("MMMM", CultureInfo.InvariantCulture),
                'b' => time.ToString("MMM", CultureInfo.InvariantCulture),
                'W' => time.DayOfWeek.ToString(),
                'a' => time.DayOfWeek.ToString()[..3],
                'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
                'f' => "000000",
                _ => c.ToString(),
            });
        }

        return text.ToString();
    }
}
