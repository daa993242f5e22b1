using System.Globalization;

namespace Blackwall.Tarpit.Http.Wire;

/// <summary>Dates as HTTP writes them (RFC 9110 §5.6.7).</summary>
internal static class HttpDate
{
    private static readonly string[] Formats = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(Formats[0], CultureInfo.InvariantCulture);

    /// <summary>Null: it is no date.</summary>
    public static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out DateTimeOffset time) ? time : null;
}
