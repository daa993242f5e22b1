using System.Buffers;
using System.Text.Json;
using Blackwall.Pipeline.Indicators;

namespace Blackwall.Intel.Taxii;

/// <summary>Says what became of what was added (TAXII 2.1 section 4.3.1). Lists that would be empty are left out; the others are as long as their count says.</summary>
internal static class StatusResource
{
    public static byte[] Write(Guid id, DateTimeOffset requested, IReadOnlyList<AddedObject> objects)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer);
        AddedObject[] failed = [.. objects.Where(one => one.Wrong is not null)];
        AddedObject[] taken = [.. objects.Where(one => one.Wrong is null)];
        json.WriteStartObject();
        json.WriteString("id", id.ToString("D"));
        json.WriteString("status", "complete");
        json.WriteString("request_timestamp", StixTime.Micros(StixTime.ToMicros(requested)));
        json.WriteNumber("total_count", objects.Count);
        json.WriteNumber("success_count", taken.Length);
        Details(json, "successes", taken);
        json.WriteNumber("failure_count", failed.Length);
        Details(json, "failures", failed);
        json.WriteNumber("pending_count", 0);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Details(Utf8JsonWriter json, string list, AddedObject[] objects)
    {
        if (objects.Length == 0)
        {
            return;
        }

        json.WriteStartArray(list);
        foreach (AddedObject one in objects)
        {
            json.WriteStartObject();
            json.WriteString("id", one.Id);
            json.WriteString("version", one.Version);
            if ((one.Wrong ?? one.Message) is { } message)
            {
                json.WriteString("message", message);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
