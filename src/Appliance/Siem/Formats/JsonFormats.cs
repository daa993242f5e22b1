using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Blackwall.Siem.Formats;

/// <summary>Events as JSON: for Splunk's collector, in Elastic's common schema, and as Suricata's EVE. One object, on one line. Pure.</summary>
internal static class JsonFormats
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>An event of Splunk's HTTP Event Collector: metadata beside the event, time in seconds, fields flat.</summary>
    public static byte[] Hec(SiemEvent happened, string host, string? index, string sourceType) => Write(json =>
    {
        json.WritePropertyName("time");
        json.WriteRawValue((happened.Time.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture));
        json.WriteString("host", host);
        json.WriteString("source", "blackwall");
        json.WriteString("sourcetype", sourceType);
        if (index is not null)
        {
            json.WriteString("index", index);
        }

        json.WriteStartObject("event");
        Own(json, happened);
        json.WriteEndObject();
        json.WriteStartObject("fields");
        json.WriteString("event_id", happened.Id);
        json.WriteString("kind", happened.Kind);
        json.WriteEndObject();
    });

    /// <summary>Elastic Common Schema.</summary>
    public static byte[] Ecs(SiemEvent happened, string host) => Write(json =>
    {
        bool isAlert = happened.Kind is "decision" or "evidence" or "session";
        json.WriteString("@timestamp", Rfc3339(happened.Time));
        Object(json, "ecs", ("version", "8.11.0"));
        json.WriteStartObject("event");
        Text(json, "id", happened.Id);
        Text(json, "kind", isAlert ? "alert" : "event");
        json.WriteStartArray("category");
        json.WriteStringValue(isAlert ? "intrusion_detection" : "configuration");
        json.WriteEndArray();
        json.WriteStartArray("type");
        json.WriteStringValue(happened.Action is "drop" or "redirect" ? "denied" : "info");
        json.WriteEndArray();
        Text(json, "action", happened.Action ?? happened.Kind);
        Text(json, "reason", happened.Reason);
        Text(json, "module", "blackwall");
        Text(json, "dataset", $"blackwall.{happened.Kind}");
        Text(json, "provider", "blackwall");
        json.WriteNumber("severity", happened.Severity);
        json.WriteEndObject();
        End(json, "source", happened.Source, happened.SourcePort);
        End(json, "destination", happened.Destination, happened.DestinationPort);
        Object(json, "network", ("transport", happened.Protocol));
        Object(json, "rule", ("name", happened.Reason));
        Object(json, "user", ("name", happened.User));
        Object(json, "observer", ("vendor", Product.Vendor), ("product", Product.Name), ("version", Product.Version), ("hostname", host), ("type", "firewall"));
        Text(json, "message", happened.Message ?? happened.Name);
        json.WriteStartObject("blackwall");
        Own(json, happened);
        json.WriteEndObject();
    });

    /// <summary>Suricata's EVE.</summary>
    public static byte[] Eve(SiemEvent happened, string host) => Write(json =>
    {
        json.WriteString("timestamp", happened.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+0000'", CultureInfo.InvariantCulture));
        bool isAlert = happened.Kind is "decision" or "evidence" or "session";
        json.WriteString("event_type", isAlert ? "alert" : "blackwall");
        Text(json, "host", host);
        Text(json, "src_ip", happened.Source?.Split('/')[0]);
        Number(json, "src_port", happened.SourcePort);
        Text(json, "dest_ip", happened.Destination);
        Number(json, "dest_port", happened.DestinationPort);
        Text(json, "proto", happened.Protocol?.ToUpperInvariant());
        if (isAlert)
        {
            json.WriteStartObject("alert");
            json.WriteString("action", happened.Action is "drop" or "redirect" ? "blocked" : "allowed");
            json.WriteNumber("gid", 1);
            json.WriteNumber("signature_id", 1);
            json.WriteNumber("rev", 1);
            Text(json, "signature", $"Blackwall {happened.Reason ?? happened.Kind}");
            Text(json, "category", happened.Name);
            json.WriteNumber("severity", happened.Severity >= 7 ? 1 : happened.Severity >= 4 ? 2 : 3);
            json.WriteEndObject();
        }

        json.WriteStartObject("blackwall");
        Own(json, happened);
        json.WriteEndObject();
    });

    /// <summary>Our own fields, with the event's body as it is in the log.</summary>
    private static void Own(Utf8JsonWriter json, SiemEvent happened)
    {
        json.WriteString("id", happened.Id);
        json.WriteString("kind", happened.Kind);
        json.WriteString("time", Rfc3339(happened.Time));
        json.WriteString("name", happened.Name);
        json.WriteNumber("severity", happened.Severity);
        Text(json, "source", happened.Source);
        Number(json, "sourcePort", happened.SourcePort);
        Text(json, "destination", happened.Destination);
        Number(json, "destinationPort", happened.DestinationPort);
        Text(json, "protocol", happened.Protocol);
        Text(json, "action", happened.Action);
        Text(json, "reason", happened.Reason);
        Text(json, "user", happened.User);
        Text(json, "message", happened.Message);
        Number(json, "confidence", happened.Confidence);
        Number(json, "decisionId", happened.DecisionId);
        Text(json, "indicatorId", happened.Indicator);
        Text(json, "fingerprint", happened.Fingerprint);
        Text(json, "actor", happened.Actor);
        if (happened.Data.Length > 0)
        {
            json.WritePropertyName("data");
            json.WriteRawValue(happened.Data.Span);
        }
    }

    private static void End(Utf8JsonWriter json, string name, string? address, int? port)
    {
        if (address is null)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("address", address);
        if (!address.Contains('/', StringComparison.Ordinal))
        {
            json.WriteString("ip", address);
        }

        Number(json, "port", port);
        json.WriteEndObject();
    }

    private static void Object(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, string? Text)> members)
    {
        bool isOpen = false;
        foreach ((string member, string? text) in members)
        {
            if (text is null)
            {
                continue;
            }

            if (!isOpen)
            {
                json.WriteStartObject(name);
                isOpen = true;
            }

            json.WriteString(member, text);
        }

        if (isOpen)
        {
            json.WriteEndObject();
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter json = new(buffer, Options);
        json.WriteStartObject();
        content(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
