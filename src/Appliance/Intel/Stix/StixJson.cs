using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

using Blackwall.Pipeline.Indicators;
namespace Blackwall.Intel.Stix;

/// <summary>Writes one object; what all kinds have in common is written here.</summary>
internal static class StixJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A domain or relationship object.</summary>
    public static StixObject Domain(string type, Guid id, string? createdBy, DateTimeOffset created, DateTimeOffset modified, Action<Utf8JsonWriter> rest, Tlp? tlp = null, bool revoked = false, bool isPinned = false)
    {
        byte[] body = Write(json =>
        {
            Head(json, type, id);
            if (createdBy is not null)
            {
                json.WriteString("created_by_ref", createdBy);
            }

            json.WriteString("created", StixTime.Text(created));
            json.WriteString("modified", StixTime.Text(modified));
            if (revoked)
            {
                json.WriteBoolean("revoked", true);
            }

            rest(json);
            if (tlp is { } marking)
            {
                List(json, "object_marking_refs", TlpMarkings.IdOf(marking));
            }
        });
        return new StixObject(type, id, StixTime.ToMicros(modified), StixTime.Text(modified), body) { IsPinned = isPinned };
    }

    /// <summary>A cyber-observable object, or a marking with its time of creation: there is one version of it.</summary>
    public static StixObject Constant(string type, Guid id, Action<Utf8JsonWriter> rest, DateTimeOffset? created = null) => new(type, id, created is { } at ? StixTime.ToMicros(at) : 0, created is { } time ? StixTime.Text(time) : "", Write(json =>
    {
        Head(json, type, id);
        if (created is { } when)
        {
            json.WriteString("created", StixTime.Text(when));
        }

        rest(json);
    }))
    {
        IsPinned = created is not null,
    };

    /// <summary>A list of texts; an empty one is left out, as STIX 2.1 section 2.8 wants.</summary>
    public static void List(Utf8JsonWriter json, string name, params IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void Head(Utf8JsonWriter json, string type, Guid id)
    {
        json.WriteString("type", type);
        json.WriteString("spec_version", "2.1");
        json.WriteString("id", StixId.Text(type, id));
    }

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
