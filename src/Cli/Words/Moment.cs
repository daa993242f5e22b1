using System.Globalization;

namespace Blackwall.Cli.Words;

/// <summary>Points in time as an operator reads them; always UTC, as in the API and the log.</summary>
internal static class Moment
{
    public static string Text(DateTimeOffset? time, string otherwise) =>
        time is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : otherwise;

    /// <summary>"12:43:13Z" today, with the date on other days.</summary>
    public static string Short(DateTimeOffset time, DateTimeOffset now) => time.UtcDateTime.Date == now.UtcDateTime.Date
        ? time.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : Text(time, "");

    /// <summary>"12:43:13Z (in 42m)"; null: never.</summary>
    public static string Until(DateTimeOffset? end, DateTimeOffset now) =>
        end is { } known ? $"{Short(known, now)} ({(known > now ? $"in {Duration.Text(known - now)}" : "over")})" : "never";

    /// <summary>"12:43:13Z (3m ago)".</summary>
    public static string Ago(DateTimeOffset? time, DateTimeOffset now, string otherwise) =>
        time is { } known ? $"{Short(known, now)} ({(known > now ? $"in {Duration.Text(known - now)}" : $"{Duration.Text(now - known)} ago")})" : otherwise;
}
