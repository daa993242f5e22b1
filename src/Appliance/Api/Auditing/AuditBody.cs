using System.Text.Json;

namespace Blackwall.Api.Auditing;

/// <summary>One thing that somebody changed, or was refused.</summary>
/// <param name="Sequence">Counts up without a gap.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Name of the key.</param>
/// <param name="KeyId">Its id.</param>
/// <param name="Remote">Address that called; null: not over IP.</param>
/// <param name="Action">Name of the operation.</param>
/// <param name="Subject">Path that was called.</param>
/// <param name="Status">HTTP status of the answer: below 300 it was done.</param>
/// <param name="Detail">Why it was refused.</param>
/// <param name="Before">What was there.</param>
/// <param name="After">What is there now.</param>
/// <param name="TraceId">Finds the request in the log.</param>
/// <param name="Hash">SHA-256, hexadecimal, that binds it to the entry before.</param>
public sealed record AuditBody(
    long Sequence,
    DateTimeOffset Time,
    string Actor,
    long KeyId,
    string? Remote,
    string Action,
    string Subject,
    int Status,
    string? Detail,
    JsonElement? Before,
    JsonElement? After,
    string TraceId,
    string Hash)
{
    internal static AuditBody From(AuditRow row)
    {
        AuditEntry entry = row.Entry;
        return new AuditBody(
            row.Sequence,
            entry.Time,
            entry.Actor,
            entry.Key,
            entry.Remote.Length == 0 ? null : entry.Remote,
            entry.Action,
            entry.Subject,
            entry.Status,
            entry.Detail,
            Json(entry.Before),
            Json(entry.After),
            entry.Trace,
            Convert.ToHexStringLower(row.Hash.Span));
    }

    private static JsonElement? Json(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Somebody edited the database: the text is shown as it is, and the hash chain reports the edit.
            return JsonSerializer.SerializeToElement(text, ApiJson.Default.String);
        }
    }
}
