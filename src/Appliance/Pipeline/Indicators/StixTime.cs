using System.Globalization;

namespace Blackwall.Pipeline.Indicators;

/// <summary>Timestamps as STIX 2.1 (section 3.2) and TAXII 2.1 write them: RFC 3339 in UTC, with Z.</summary>
internal static class StixTime
{
    /// <summary>Milliseconds: how created, modified and all other times of our objects are spelled.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Microseconds since 1970 with six digits: how date_added is spelled.</summary>
    public static string Micros(long microseconds) => FromMicros(microseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static long ToMicros(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>RFC 3339 in UTC with Z and up to nine digits of a second (those beyond the microsecond are dropped), to microseconds since 1970.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length is < 20 or > 30 || text[^1] is not 'Z' || text[10] is not 'T')
        {
            return false;
        }

        ReadOnlySpan<char> whole = text[..19];
        ReadOnlySpan<char> rest = text[19..^1];
        long fraction = 0;
        if (rest.Length > 0)
        {
            if (rest[0] is not '.' || rest.Length is < 2 or > 10 || rest[1..].ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            for (int i = 1; i <= 6; i++)
            {
                fraction = (fraction * 10) + (i < rest.Length ? rest[i] - '0' : 0);
            }
        }

        if (!DateTimeOffset.TryParseExact(whole, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return false;
        }

        microseconds = ToMicros(time) + fraction;
        return true;
    }
}
