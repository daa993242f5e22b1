using System.Text.Json;
using Blackwall.Pipeline.Indicators;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds.Wire;

/// <summary>
/// Indicators of a STIX 2.1 bundle or a TAXII 2.1 envelope whose pattern speaks of addresses alone. What was revoked or has ended does not count, nor what
/// is not valid yet; of several versions of an indicator the last one counts. Pure.
/// </summary>
/// <param name="now">Microseconds since 1970.</param>
/// <param name="reading">What was read.</param>
internal sealed class StixFeedReader(long now, FeedReading reading)
{
    private const int MaxDepth = 64;
    private const int MostIndicators = 1_000_000;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private readonly Dictionary<string, Version> _versions = new(StringComparer.Ordinal);

    /// <summary>Takes in one bundle or page.</summary>
    /// <returns>What it says of its end; null: it cannot be read.</returns>
    public StixPage? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            Utf8JsonReader reader = new(text.StartsWith("\uFEFF"u8) ? text[3..] : text, Options);
            using var document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object)
            {
                reading.Fail("It is no STIX bundle and no TAXII envelope.");
                return null;
            }

            // An empty page has no list at all (TAXII 2.1 section 3.7); a bundle that says what it is may have none either.
            if (root.TryGetProperty("objects", out JsonElement objects) && objects.ValueKind is JsonValueKind.Array)
            {
                foreach (JsonElement element in objects.EnumerateArray())
                {
                    Take(element);
                }
            }
            else if (root.EnumerateObject().Any() && !root.TryGetProperty("more", out _) && Text(root, "type") is not "bundle")
            {
                reading.Fail("It is no STIX bundle and no TAXII envelope: it has no objects.");
                return null;
            }

            bool hasMore = root.TryGetProperty("more", out JsonElement more) && more.ValueKind is JsonValueKind.True;
            return new StixPage(hasMore, Text(root, "next"));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            reading.Fail("It is not JSON, or nested too deep.");
            return null;
        }
    }

    /// <summary>Adds what counts of all pages.</summary>
    public void Finish()
    {
        foreach (Version version in _versions.Values)
        {
            if (version.Scopes is null)
            {
                reading.Skip();
                continue;
            }

            foreach (Prefix scope in version.Scopes)
            {
                reading.Add(scope, version.Note);
            }
        }
    }

    private void Take(JsonElement element)
    {
        try
        {
            if (element.ValueKind is not JsonValueKind.Object || Text(element, "type") is not "indicator" || reading.IsOver)
            {
                return;
            }

            reading.Rows++;
            if (Text(element, "id") is not { Length: > 0 and <= 256 } id || Text(element, "pattern") is not { } pattern || !TryTime(element, "modified", out long modified))
            {
                reading.Reject(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element));
                return;
            }

            if (_versions.TryGetValue(id, out Version? known) && known.Modified >= modified)
            {
                return;
            }

            if (_versions.Count >= MostIndicators)
            {
                reading.Fail("It has too many indicators.");
                return;
            }

            bool isRevoked = element.TryGetProperty("revoked", out JsonElement flag) && flag.ValueKind is JsonValueKind.True;
            bool isValid = TryTime(element, "valid_from", out long from) && from <= now && (!element.TryGetProperty("valid_until", out _) || (TryTime(element, "valid_until", out long until) && until > now));
            bool counts = !isRevoked && isValid && Text(element, "pattern_type") is "stix";
            IReadOnlyList<Prefix>? scopes = counts && PatternReader.TryRead(pattern, out IReadOnlyList<Prefix> found) ? found : null;
            string? note = Text(element, "name") is { Length: <= 1024 } name ? reading.Note(System.Text.Encoding.UTF8.GetBytes(name)) : null;
            _versions[id] = new Version(modified, scopes, note);
        }
        catch (InvalidOperationException)
        {
            // A string that is no Unicode.
            reading.Reject(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element));
        }
    }

    private static bool TryTime(JsonElement element, string name, out long micros)
    {
        micros = 0;
        return Text(element, name) is { } text && StixTime.TryParse(text, out micros);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private sealed record Version(long Modified, IReadOnlyList<Prefix>? Scopes, string? Note);
}
