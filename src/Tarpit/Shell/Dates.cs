using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>strftime(3) in the C locale, and dates as date -d reads them.</summary>
internal static class Dates
{
    private const int Deepest = 3;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Format(string format, DateTimeOffset time, int depth = 0)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            int start = i;
            char flag = format[i + 1] is '-' or '_' or '0' or '^' or '#' ? format[++i] : '\0';
            while (i + 1 < format.Length && (char.IsAsciiDigit(format[i + 1]) || format[i + 1] is ':' or 'E' or 'O'))
            {
                i++;
            }

            if (++i >= format.Length)
            {
                return text.Append(format.AsSpan(start)).ToString();
            }

            string piece = One(format[i], format[i - 1] == ':', time, depth) ?? format[start..(i + 1)];
            text.Append(flag switch
            {
                '-' => piece.TrimStart('0', ' ') is { Length: > 0 } bare ? bare : "0",
                '_' => piece.TrimStart('0').PadLeft(piece.Length) is { } padded && padded.Trim().Length > 0 ? padded : "0".PadLeft(piece.Length),
                '0' => piece.Replace(' ', '0'),
                '^' => piece.ToUpperInvariant(),
                _ => piece,
            });
        }

        return text.ToString();
    }

    private static string? One(char kind, bool isColon, DateTimeOffset time, int depth) => kind switch
    {
        'Y' => time.Year.ToString(Culture),
        'y' => time.ToString("yy", Culture),
        'C' => (time.Year / 100).ToString("D2", Culture),
        'm' => time.ToString("MM", Culture),
        'd' => time.ToString("dd", Culture),
        'e' => time.Day.ToString(Culture).PadLeft(2),
        'H' => time.ToString("HH", Culture),
        'I' => time.ToString("hh", Culture),
        'k' => time.Hour.ToString(Culture).PadLeft(2),
        'l' => ((time.Hour + 11) % 12 + 1).ToString(Culture).PadLeft(2),
        'M' => time.ToString("mm", Culture),
        'S' => time.ToString("ss", Culture),
        'N' => (time.Ticks % TimeSpan.TicksPerSecond * 100).ToString("D9", Culture),
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'a' => time.ToString("ddd", Culture),
        'A' => time.ToString("dddd", Culture),
        'b' or 'h' => time.ToString("MMM", Culture),
        'B' => time.ToString("MMMM", Culture),
        'j' => time.DayOfYear.ToString("D3", Culture),
        's' => time.ToUnixTimeSeconds().ToString(Culture),
        'u' => (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(Culture),
        'w' => ((int)time.DayOfWeek).ToString(Culture),
        'q' => ((time.Month + 2) / 3).ToString(Culture),
        'z' => (time.Offset < TimeSpan.Zero ? "-" : "+") + time.Offset.ToString(isColon ? "hh\\:mm" : "hhmm", Culture),
        'Z' => "UTC",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        'V' => ISOWeek.GetWeekOfYear(time.DateTime).ToString("D2", Culture),
        'G' => ISOWeek.GetYear(time.DateTime).ToString(Culture),
        'g' => (ISOWeek.GetYear(time.DateTime) % 100).ToString("D2", Culture),
        'U' => ((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7).ToString("D2", Culture),
        'W' => ((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7).ToString("D2", Culture),
        _ when depth > Deepest => null,
        'D' or 'x' => Format("%m/%d/%y", time, depth + 1),
        'F' => Format("%Y-%m-%d", time, depth + 1),
        'T' or 'X' => Format("%H:%M:%S", time, depth + 1),
        'R' => Format("%H:%M", time, depth + 1),
        'r' => Format("%I:%M:%S %p", time, depth + 1),
        'c' => Format("%a %b %e %H:%M:%S %Y", time, depth + 1),
        _ => null,
    };

    // Of a date that is not relative.
    private const int MostWords = 8;

    /// <summary>A date as GNU programs read it: absolute, relative, or both. Null: it is none.</summary>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        text = text.Trim();
        if (text.StartsWith('@'))
        {
            return double.TryParse(text.AsSpan(1), NumberStyles.Float, Culture, out double seconds) && Math.Abs(seconds) < 60_000_000_000 ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
        }

        string[] words = text.Replace(",", " ", StringComparison.Ordinal).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        // The longest beginning that is a date by itself; what follows is relative to it.
        for (int count = Math.Min(words.Length, MostWords); count > 0; count--)
        {
            if (Absolute(string.Join(' ', words.Take(count)), now) is { } date)
            {
                return Relative(words[count..], date);
            }
        }

        return Relative(words, now);
    }

    private static DateTimeOffset? Absolute(string text, DateTimeOffset now)
    {
        string[] formats =
        [
            "yyyy-MM-dd", "yyyy-M-d", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm", "yyyy/MM/dd", "yyyy/M/d", "yyyy/MM/dd HH:mm:ss", "M/d/yyyy", "MM/dd/yyyy HH:mm:ss",
            "yyyyMMdd", "yyyyMMdd HH:mm", "yyyyMMdd HHmm", "d MMM yyyy", "MMM d yyyy", "d MMM yyyy HH:mm:ss", "d MMM yyyy HH:mm", "MMM d yyyy HH:mm:ss", "MMM d HH:mm:ss yyyy", "ddd MMM d HH:mm:ss yyyy", "ddd d MMM yyyy HH:mm:ss", "MMMM d yyyy", "d MMMM yyyy",
        ];
        string zoneless = text.EndsWith(" UTC", StringComparison.Ordinal) || text.EndsWith(" GMT", StringComparison.Ordinal) ? text[..^4] : text.EndsWith(" +0000", StringComparison.Ordinal) ? text[..^6] : text.Length > 10 && text[^1] == 'Z' && char.IsAsciiDigit(text[^2]) ? text[..^1] : text.Replace(" UTC ", " ", StringComparison.Ordinal);
        if (DateTime.TryParseExact(zoneless, formats, Culture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime date))
        {
            return new DateTimeOffset(date, TimeSpan.Zero);
        }

        if (DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-ddTHH:mm:sszzz", "ddd, dd MMM yyyy HH:mm:ss zzz", "ddd dd MMM yyyy HH:mm:ss zzz"], Culture, DateTimeStyles.None, out DateTimeOffset zoned))
        {
            return zoned.ToUniversalTime();
        }

        if (TimeSpan.TryParseExact(zoneless, ["h\\:mm", "hh\\:mm", "hh\\:mm\\:ss"], Culture, out TimeSpan time))
        {
            return new DateTimeOffset(now.Date, TimeSpan.Zero) + time;
        }

        return text.ToLowerInvariant() switch
        {
            "now" or "today" => now,
            "yesterday" => now.AddDays(-1),
            "tomorrow" => now.AddDays(1),
            "midnight" => new DateTimeOffset(now.Date, TimeSpan.Zero),
            _ => null,
        };
    }

    // "+3 days", "2 hours ago", "next week", "last month" and so on, and a time of the day.
    private static DateTimeOffset? Relative(string[] words, DateTimeOffset date)
    {
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i].ToLowerInvariant();
            if (Absolute(word, date) is { } moved && !(i + 1 < words.Length && word.All(char.IsAsciiDigit)))
            {
                date = moved;
                continue;
            }

            int number = 1;
            string unit = word;
            if (word is "next" or "last" or "this")
            {
                number = word is "next" ? 1 : word is "last" ? -1 : 0;
                unit = ++i < words.Length ? words[i].ToLowerInvariant() : "";
            }
            else
            {
                int end = word.Length > 0 && word[0] is '+' or '-' ? 1 : 0;
                while (end < word.Length && char.IsAsciiDigit(word[end]))
                {
                    end++;
                }

                if (end > 0 && word.AsSpan(0, end).IndexOfAnyInRange('0', '9') >= 0)
                {
                    if (!int.TryParse(word.AsSpan(0, end), NumberStyles.AllowLeadingSign, Culture, out number))
                    {
                        return null;
                    }

                    unit = end < word.Length ? word[end..] : ++i < words.Length ? words[i].ToLowerInvariant() : "";
                }
                else if (end > 0)
                {
                    return null;
                }
            }

            if (i + 1 < words.Length && words[i + 1] is "ago")
            {
                number = -number;
                i++;
            }

            if (Add(date, unit.TrimEnd('s'), number) is not { } added)
            {
                return null;
            }

            date = added;
        }

        return date;
    }

    private static DateTimeOffset? Add(DateTimeOffset date, string unit, int number)
    {
        try
        {
            return unit switch
            {
                "sec" or "second" => date.AddSeconds(number),
                "min" or "minute" => date.AddMinutes(number),
                "hour" => date.AddHours(number),
                "day" => date.AddDays(number),
                "week" => date.AddDays(7.0 * number),
                "fortnight" => date.AddDays(14.0 * number),
                "month" => date.AddMonths(number),
                "year" => date.AddYears(number),
                "monday" or "mon" or "tuesday" or "tue" or "wednesday" or "wed" or "thursday" or "thur" or "friday" or "fri" or "saturday" or "sat" or "sunday" or "sun" => NextDay(date, unit, number),
                _ => null,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static DateTimeOffset NextDay(DateTimeOffset date, string unit, int number)
    {
        int wanted = Array.FindIndex(["su", "mo", "tu", "we", "th", "fr", "sa"], start => unit.StartsWith(start, StringComparison.Ordinal));
        int ahead = (wanted - (int)date.DayOfWeek + 7) % 7;
        return new DateTimeOffset(date.Date, TimeSpan.Zero).AddDays(ahead == 0 && number > 0 && unit.Length > 0 ? 7 : number < 0 ? ahead - 7 : ahead);
    }
}
