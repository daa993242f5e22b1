using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Blackwall.Pipeline.Indicators;
using Blackwall.Intel.Stix;

namespace Blackwall.Intel.Taxii;

/// <summary>
/// Writes the pages of TAXII: objects, manifests and versions. Objects are in the store as they are served, so a page of them is a copy. Lists that would
/// be empty are left out.
/// </summary>
internal static class TaxiiPage
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The envelope of objects (section 3.7).</summary>
    public static Task WriteObjectsAsync(HttpContext context, IReadOnlyList<StoredObject> found, int limit) => WriteAsync(context, found, limit, "objects", static (buffer, shown) =>
    {
        for (int i = 0; i < shown.Length; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            buffer.Write(shown[i].Body.Span);
        }
    });

    /// <summary>What there is, without the objects (section 5.3).</summary>
    public static Task WriteManifestAsync(HttpContext context, IReadOnlyList<StoredObject> found, int limit) => WriteAsync(context, found, limit, "objects", static (buffer, shown) =>
    {
        for (int i = 0; i < shown.Length; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            using Utf8JsonWriter json = new(buffer, Options);
            json.WriteStartObject();
            json.WriteString("id", StixId.Text(shown[i].Type, shown[i].Id));
            json.WriteString("date_added", StixTime.Micros(shown[i].Added));
            json.WriteString("version", VersionOf(shown[i]));
            json.WriteString("media_type", "application/stix+json;version=2.1");
            json.WriteEndObject();
            json.Flush();
        }
    });

    /// <summary>The versions of one object (section 5.8).</summary>
    public static Task WriteVersionsAsync(HttpContext context, IReadOnlyList<StoredObject> found, int limit) => WriteAsync(context, found, limit, "versions", static (buffer, shown) =>
    {
        for (int i = 0; i < shown.Length; i++)
        {
            buffer.Write(i > 0 ? ",\""u8 : "\""u8);
            buffer.Write(Encoding.UTF8.GetBytes(VersionOf(shown[i])));
            buffer.Write("\""u8);
        }
    });

    // An object without a time of its own is known by when it was added.
    private static string VersionOf(StoredObject one) => one.Version.Length > 0 ? one.Version : StixTime.Micros(one.Added);

    private static async Task WriteAsync(HttpContext context, IReadOnlyList<StoredObject> found, int limit, string list, Action<IBufferWriter<byte>, StoredObject[]> items)
    {
        HttpResponse response = context.Response;
        response.ContentType = TaxiiMedia.Type;
        StoredObject[] shown = [.. found.Take(limit)];
        if (shown.Length == 0)
        {
            await response.BodyWriter.WriteAsync("{}"u8.ToArray(), context.RequestAborted);
            return;
        }

        response.Headers["X-TAXII-Date-Added-First"] = StixTime.Micros(shown[0].Added);
        response.Headers["X-TAXII-Date-Added-Last"] = StixTime.Micros(shown[^1].Added);
        bool isMore = found.Count > limit;
        string start = isMore ? string.Create(CultureInfo.InvariantCulture, $"{{\"more\":true,\"next\":\"{TaxiiQuery.Token(shown[^1].Added)}\",\"{list}\":[") : $"{{\"more\":false,\"{list}\":[";
        response.BodyWriter.Write(Encoding.UTF8.GetBytes(start));
        items(response.BodyWriter, shown);
        response.BodyWriter.Write("]}"u8);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
