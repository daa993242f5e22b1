using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Blackwall.Pipeline.Indicators;
using Blackwall.Intel.Stix;
using Blackwall.Pipeline.Model;

namespace Blackwall.Intel.Taxii;

/// <summary>Reads an envelope of objects that a client adds (TAXII 2.1 section 5.5). Objects are judged one by one, and kept as they were sent.</summary>
internal static class EnvelopeReader
{
    /// <summary>Most objects of one envelope.</summary>
    public const int MaxObjects = 10_000;

    private const int MaxObject = 1 << 20;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>The objects; null: <paramref name="wrong"/> says what is wrong with the envelope, and <paramref name="isSyntax"/> whether it is no JSON at all.</summary>
    public static IReadOnlyList<AddedObject>? Read(ReadOnlyMemory<byte> body, out string? wrong, out bool isSyntax)
    {
        (wrong, isSyntax) = (null, false);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Options);
        }
        catch (JsonException failure)
        {
            (wrong, isSyntax) = ($"The body is no JSON: {failure.Message}", true);
            return null;
        }

        using (document)
        {
            if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty("objects", out JsonElement objects) || objects.ValueKind is not JsonValueKind.Array)
            {
                wrong = "The body is an envelope: {\"objects\": [...]}.";
                return null;
            }

            int count = objects.GetArrayLength();
            if (count is 0 or > MaxObjects)
            {
                wrong = string.Create(CultureInfo.InvariantCulture, $"An envelope has 1..{MaxObjects} objects; this one has {count}.");
                return null;
            }

            return [.. objects.EnumerateArray().Select(ReadObject)];
        }
    }

    private static AddedObject ReadObject(JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            return Refused("", "", "It is no object.");
        }

        try
        {
            return Judge(element);
        }
        catch (InvalidOperationException)
        {
            // A string that is no Unicode.
            return Refused("", "", "It has text that is not UTF-8.");
        }
    }

    private static AddedObject Judge(JsonElement element)
    {
        string id = Text(element, "id") ?? "";
        string type = Text(element, "type") ?? "";
        string version = Text(element, "modified") ?? Text(element, "created") ?? "";
        long modified = 0;
        if (!StixId.TryParse(id, out string prefix, out Guid uuid) || !string.Equals(prefix, type, StringComparison.Ordinal))
        {
            return Refused(id, version, "It needs a type and an id of the form TYPE--UUID.");
        }

        if (element.TryGetProperty("spec_version", out JsonElement spec) && !(spec.ValueKind is JsonValueKind.String && spec.ValueEquals("2.1")))
        {
            return Refused(id, version, "spec_version is 2.1 here.");
        }

        if (version.Length > 0 && !StixTime.TryParse(version, out modified))
        {
            return Refused(id, "", "modified and created are times like 2026-01-31T12:00:00.000Z.");
        }

        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(element);
        if (raw.Length > MaxObject)
        {
            return Refused(id, version, string.Create(CultureInfo.InvariantCulture, $"An object has at most {MaxObject} bytes."));
        }

        PartnerIndicator? indicator = null;
        if (type is "indicator" && Indicator(element, id, out string? wrong) is var read)
        {
            if (wrong is not null)
            {
                return Refused(id, version, wrong);
            }

            indicator = read;
        }

        return new AddedObject(id, version, null, new StixObject(type, uuid, modified, version, raw.ToArray()), indicator);
    }

    private static PartnerIndicator? Indicator(JsonElement element, string id, out string? wrong)
    {
        wrong = null;
        if (Text(element, "pattern") is not { } pattern || Text(element, "pattern_type") is not { } language || Text(element, "valid_from") is not { } from || !StixTime.TryParse(from, out _))
        {
            wrong = "An indicator needs pattern, pattern_type and valid_from.";
            return null;
        }

        DateTimeOffset? until = null;
        if (Text(element, "valid_until") is { } end)
        {
            if (!StixTime.TryParse(end, out long micros))
            {
                wrong = "valid_until is a time like 2026-01-31T12:00:00.000Z.";
                return null;
            }

            until = StixTime.FromMicros(micros);
        }

        int? confidence = element.TryGetProperty("confidence", out JsonElement number) && number.ValueKind is JsonValueKind.Number && number.TryGetInt32(out int value) && value is >= 0 and <= 100 ? value : null;
        bool revoked = element.TryGetProperty("revoked", out JsonElement flag) && flag.ValueKind is JsonValueKind.True;
        return language is "stix" && PatternReader.TryRead(pattern, out IReadOnlyList<Prefix> scopes) ? new PartnerIndicator(id, scopes, confidence, until, revoked) : null;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static AddedObject Refused(string id, string version, string wrong) => new(id, version, wrong, null, null);
}
