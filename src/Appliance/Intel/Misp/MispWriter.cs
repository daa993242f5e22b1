using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Blackwall.Pipeline.Indicators;
using Blackwall.Intel.Stix;

namespace Blackwall.Intel.Misp;

/// <summary>
/// A MISP feed: a manifest of events, and each event as a document. An event holds the indicators that were first published on one day (UTC), and is a new version when one of them changes. Identifiers follow
/// from the appliance and the day, so a consumer that fetches again changes what it has. Pure.
/// </summary>
internal static class MispWriter
{
    /// <summary>Identifier of the event of a day.</summary>
    public static Guid EventOf(StixPublisher publisher, DateOnly day) => StixId.Create(publisher.Space, string.Create(CultureInfo.InvariantCulture, $"misp|{day:yyyy-MM-dd}"));

    /// <summary>The manifest: what there is, and since when it is as it is (seconds since 1970).</summary>
    public static byte[] Manifest(StixPublisher publisher, Tlp tlp, IEnumerable<(DateOnly Day, DateTimeOffset Changed)> days) => Write(json =>
    {
        foreach ((DateOnly day, DateTimeOffset changed) in days)
        {
            json.WriteStartObject(EventOf(publisher, day).ToString("D"));
            Head(json, publisher, tlp, day, changed);
            json.WriteEndObject();
        }
    });

    /// <summary>One event with its attributes.</summary>
    public static byte[] Event(StixPublisher publisher, Tlp tlp, DateOnly day, IReadOnlyList<Indicator> indicators, DateTimeOffset changed) => Write(json =>
    {
        json.WriteStartObject("Event");
        json.WriteString("uuid", EventOf(publisher, day).ToString("D"));
        Head(json, publisher, tlp, day, changed);
        json.WriteBoolean("published", true);
        json.WriteString("publish_timestamp", Seconds(changed));
        json.WriteStartArray("Attribute");
        foreach (Indicator indicator in indicators)
        {
            json.WriteStartObject();
            json.WriteString("uuid", publisher.IndicatorUuid(indicator.Kind, indicator.Value, indicator.Generation).ToString("D"));
            json.WriteString("type", TypeOf(indicator.Kind));
            json.WriteString("category", indicator.Kind is IndicatorKind.Sha256 ? "Payload delivery" : "Network activity");
            json.WriteString("value", indicator.Value);
            json.WriteString("comment", string.Join(", ", indicator.Reasons));
            json.WriteString("timestamp", Seconds(indicator.Modified));
            json.WriteBoolean("to_ids", !indicator.Revoked);
            json.WriteBoolean("deleted", indicator.Revoked);
            json.WriteString("first_seen", StixTime.Text(indicator.FirstSeen));
            json.WriteString("last_seen", StixTime.Text(indicator.LastSeen));
            json.WriteString("distribution", "5");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Head(Utf8JsonWriter json, StixPublisher publisher, Tlp tlp, DateOnly day, DateTimeOffset changed)
    {
        json.WriteString("info", string.Create(CultureInfo.InvariantCulture, $"{publisher.Name}: attackers of {day:yyyy-MM-dd}"));
        json.WriteString("date", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("analysis", "2");
        json.WriteString("threat_level_id", "2");
        json.WriteString("timestamp", Seconds(changed));
        json.WriteStartObject("Orgc");
        json.WriteString("name", publisher.Name);
        json.WriteString("uuid", publisher.IdentityUuid.ToString("D"));
        json.WriteEndObject();
        json.WriteStartArray("Tag");
        json.WriteStartObject();
        json.WriteString("name", $"tlp:{TlpMarkings.Word(tlp)}");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string TypeOf(IndicatorKind kind) => kind switch
    {
        IndicatorKind.Ipv4 or IndicatorKind.Ipv6 => "ip-src",
        IndicatorKind.Domain => "domain",
        IndicatorKind.Url => "url",
        IndicatorKind.Sha256 => "sha256",
        IndicatorKind.Ja4 => "text",
        _ => "hassh-md5",
    };

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        content(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
