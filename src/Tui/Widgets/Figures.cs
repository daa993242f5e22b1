using System.Globalization;

namespace Blackwall.Tui.Widgets;

/// <summary>Numbers and times as an operator reads them; times are UTC, as in the API and the log.</summary>
internal static class Figures
{
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Packets a second: "0", "0.4", "12", "1,234", "1.23 M".</summary>
    public static string Rate(double? rate) => rate switch
    {
        null => "-",
        0 => "0",
        < 9.95 => rate.Value.ToString("0.0", CultureInfo.InvariantCulture),
        < 1_000_000 => rate.Value.ToString("#,0", CultureInfo.InvariantCulture),
        _ => (rate.Value / 1_000_000).ToString("0.00", CultureInfo.InvariantCulture) + " M",
    };

    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>"45 s", "12 min", "3 h 20 min", "5 d 2 h".</summary>
    public static string Span(TimeSpan span)
    {
        long seconds = Math.Max(0, (long)span.TotalSeconds);
        return seconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min"),
            < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h {seconds / 60 % 60} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400} d {seconds / 3600 % 24} h"),
        };
    }

    /// <summary>How long until the end; null end: it stands until somebody lifts it.</summary>
    public static string Left(DateTimeOffset? end, DateTimeOffset now) => end switch
    {
        null => "no end",
        { } at when at <= now => "over",
        { } at => Span(at - now),
    };

    /// <summary>"ends in 12 min", "no end".</summary>
    public static string Ends(DateTimeOffset? end, DateTimeOffset now) => end is null ? "no end" : $"ends in {Left(end, now)}";

    /// <summary>45s, 10m, 1h or 7d, as "ctl" takes it; seconds.</summary>
    public static bool TryTime(string text, out long seconds)
    {
        seconds = 0;
        long unit = text.Length < 2 ? 0 : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => 0,
        };
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number == 0)
        {
            return false;
        }

        seconds = number * unit;
        return true;
    }
}
