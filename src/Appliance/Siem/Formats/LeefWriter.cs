using System.Globalization;
using System.Text;

namespace Blackwall.Siem.Formats;

/// <summary>
/// IBM Log Event Extended Format 2.0: six header fields between pipes, of which the last names the delimiter (a tab), then key=value. There is no
/// escape: a delimiter, line break or NUL in a value becomes a blank, and a pipe in the header a slash. Pure.
/// </summary>
internal static class LeefWriter
{
    private const int MaxValue = 1023;
    private const char Delimiter = '\t';

    public static string Write(SiemEvent happened)
    {
        StringBuilder line = new(512);
        line.Append("LEEF:2.0");
        foreach (string field in new[] { Product.Vendor, Product.Name, Product.Version, happened.Kind })
        {
            line.Append('|').Append(Value(field).Replace('|', '/'));
        }

        line.Append("|x09|");
        Pair(line, "devTime", happened.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        Pair(line, "cat", happened.Kind);
        Pair(line, "sev", Math.Clamp(happened.Severity, 1, 10).ToString(CultureInfo.InvariantCulture));
        Pair(line, "eventId", happened.Id);
        Pair(line, "src", happened.Source?.Split('/')[0]);
        Pair(line, "srcPort", Number(happened.SourcePort));
        Pair(line, "dst", happened.Destination?.Split('/')[0]);
        Pair(line, "dstPort", Number(happened.DestinationPort));
        Pair(line, "proto", happened.Protocol?.ToUpperInvariant());
        Pair(line, "usrName", happened.User);
        Pair(line, "scope", happened.Source);
        Pair(line, "verdict", happened.Action);
        Pair(line, "reason", happened.Reason);
        Pair(line, "confidence", Number(happened.Confidence));
        Pair(line, "decisionId", Number(happened.DecisionId));
        Pair(line, "indicatorId", happened.Indicator);
        Pair(line, "fingerprint", happened.Fingerprint);
        Pair(line, "decidedBy", happened.Actor);
        Pair(line, "eventName", happened.Name);
        Pair(line, "detail", happened.Message);
        return line.ToString(0, line.Length - 1);
    }

    private static void Pair(StringBuilder line, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            line.Append(key).Append('=').Append(Value(value)).Append(Delimiter);
        }
    }

    private static string Value(string text) => string.Create(Math.Min(text.Length, PlainText.Cut(text, MaxValue).Length), text, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = PlainText.Printable(source[i]);
        }
    });

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
