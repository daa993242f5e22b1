using System.Text;

namespace Blackwall.Feeds.Wire;

/// <summary>Reads a feed in any of its formats: bytes in, entries or the reason why there are none out. Never throws. Pure.</summary>
internal static class FeedReader
{
    /// <summary>Bytes in which a page of HTML shows.</summary>
    private const int Sniffed = 1024;

    /// <param name="format">How it is written; of TAXII one page.</param>
    /// <param name="field">Column of CSV or member of JSON that has the address; empty: what is usual.</param>
    /// <param name="text">The feed.</param>
    /// <param name="maxEntries">More are a failure.</param>
    /// <param name="now">Microseconds since 1970: of STIX what has ended does not count.</param>
    /// <param name="hidesRows">Rows that cannot be read are named and not shown.</param>
    public static FeedReading Read(FeedFormat format, string field, ReadOnlySpan<byte> text, int maxEntries, long now, bool hidesRows = false)
    {
        FeedReading reading = new(maxEntries, hidesRows);
        if (Foreign(text) is { } foreign)
        {
            reading.Fail(foreign);
            return reading.Finish();
        }

        switch (format)
        {
            case FeedFormat.Plain:
                PlainReader.Read(text, reading);
                break;
            case FeedFormat.Dshield:
                PlainReader.ReadBlocks(text, reading);
                break;
            case FeedFormat.Json:
                new JsonFeedReader(field, reading).Read(text);
                break;
            case FeedFormat.Spamhaus:
                JsonFeedReader lines = new("cidr", reading);
                lines.Read(text);
                lines.CheckComplete();
                break;
            case FeedFormat.Stix or FeedFormat.Taxii:
                StixFeedReader stix = new(now, reading);
                stix.Read(text);
                stix.Finish();
                break;
            default:
                new CsvReader(LayoutOf(format, field), reading).Read(text);
                break;
        }

        return reading.Finish();
    }

    /// <summary>Why this is no feed at all, whatever the server calls it; null: it may be one.</summary>
    public static string? Foreign(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> start = text[..Math.Min(text.Length, Sniffed)];
        ReadOnlySpan<byte> said = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        said = said.TrimStart(" \t\r\n"u8);
        if (!said.IsEmpty && said[0] is (byte)'<')
        {
            return "It is a page of HTML or XML, not a list.";
        }

        return start.Contains((byte)0) ? "It is binary data, not a list." : null;
    }

    private static CsvLayout LayoutOf(FeedFormat format, string field) => format switch
    {
        FeedFormat.Feodo => CsvLayout.Feodo,
        FeedFormat.Sslbl => CsvLayout.Sslbl,
        FeedFormat.Threatfox => CsvLayout.Threatfox,
        FeedFormat.Urlhaus => CsvLayout.Urlhaus,
        _ when field.Length is > 0 and <= 2 && Ascii.IsValid(field) && int.TryParse(field, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int index) => new CsvLayout("", index),
        _ => field.Length == 0 ? CsvLayout.Any : new CsvLayout(field, -1),
    };
}
