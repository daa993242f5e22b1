using System.Globalization;
using System.Text;

namespace Blackwall.Siem.Formats;

/// <summary>
/// ArcSight Common Event Format, version 0: seven header fields between pipes, then key=value. In the header backslash and pipe are escaped and there
/// is no line break; in values backslash and equals sign are escaped and line breaks are spelled. So no value ends its field. Pure.
/// </summary>
internal static class CefWriter
{
    private const int MaxValue = 1023;

    public static string Write(SiemEvent happened)
    {
        StringBuilder line = new(512);
        line.Append("CEF:0");
        foreach (string field in new[] { Product.Vendor, Product.Name, Product.Version, happened.Kind, happened.Name, happened.Severity.ToString(CultureInfo.InvariantCulture) })
        {
            line.Append('|');
            Header(line, field);
        }

        line.Append('|');
        Pair(line, "rt", happened.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        Pair(line, "externalId", happened.Id);
        Pair(line, "cat", happened.Kind);
        Address(line, happened.Source, "src", "c6a2", "Source IPv6 Address");
        Pair(line, "spt", Number(happened.SourcePort));
        Address(line, happened.Destination, "dst", "c6a3", "Destination IPv6 Address");
        Pair(line, "dpt", Number(happened.DestinationPort));
        Pair(line, "proto", happened.Protocol?.ToUpperInvariant());
        Pair(line, "act", happened.Action);
        Pair(line, "reason", happened.Reason);
        Pair(line, "suser", happened.User);
        Pair(line, "cn1", Number(happened.Confidence), "Confidence");
        Pair(line, "cn2", Number(happened.DecisionId), "Decision");
        Pair(line, "cs1", happened.Indicator, "STIX indicator");
        Pair(line, "cs2", happened.Fingerprint, "Client fingerprint");
        Pair(line, "cs3", happened.Source is { } scope && scope.Contains('/', StringComparison.Ordinal) ? scope : null, "Scope");
        Pair(line, "cs4", happened.Actor, "Decided by");
        Pair(line, "msg", happened.Message);
        return line.ToString(0, line.Length - 1);
    }

    // src and dst are IPv4 addresses; those of IPv6 have custom fields, and a prefix is an address with a length beside.
    private static void Address(StringBuilder line, string? text, string four, string six, string label)
    {
        string? address = text?.Split('/')[0];
        if (address is not null && address.Contains(':', StringComparison.Ordinal))
        {
            Pair(line, six, address, label);
        }
        else
        {
            Pair(line, four, address);
        }
    }

    private static void Pair(StringBuilder line, string key, string? value, string label)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Pair(line, key, value);
            Pair(line, key + "Label", label);
        }
    }

    private static void Pair(StringBuilder line, string key, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        line.Append(key).Append('=');
        foreach (char letter in PlainText.Cut(value, MaxValue))
        {
            _ = letter switch
            {
                '\\' => line.Append(@"\\"),
                '=' => line.Append(@"\="),
                '\n' => line.Append(@"\n"),
                '\r' => line.Append(@"\r"),
                _ => line.Append(PlainText.Printable(letter)),
            };
        }

        line.Append(' ');
    }

    private static void Header(StringBuilder line, string value)
    {
        foreach (char letter in PlainText.Cut(value, MaxValue))
        {
            _ = letter switch
            {
                '\\' => line.Append(@"\\"),
                '|' => line.Append(@"\|"),
                _ => line.Append(PlainText.Printable(letter)),
            };
        }
    }

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
