using System.Text.Json;
using System.Text.Json.Nodes;

namespace Blackwall.Siem.Transport;

/// <summary>Reads what a sink answers, who may answer anything: at most 4 MiB, and nothing of it is an exception of ours.</summary>
internal static class SinkAnswer
{
    private const int Most = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Longest text of a sink that is kept or shown.</summary>
    private const int LongestText = 500;

    /// <summary>Names that occur twice make an object unreadable, instead of failing when it is looked into.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>The object that was answered; null: it is none, or too large.</summary>
    public static async Task<JsonObject?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // One that drips its answer is as good as silent.
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        await using Stream stream = await response.Content.ReadAsStreamAsync(patience.Token);
        using MemoryStream read = new();
        byte[] buffer = new byte[16 * 1024];
        int got;
        while ((got = await stream.ReadAsync(buffer, patience.Token)) > 0)
        {
            if (read.Length + got > Most)
            {
                return null;
            }

            read.Write(buffer, 0, got);
        }

        try
        {
            return JsonNode.Parse(read.GetBuffer().AsSpan(0, (int)read.Length), documentOptions: Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A whole number; null: it is none.</summary>
    public static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) ? number : null;

    /// <summary>A text, cut where it is long; null: it is none.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? Short(text) : null;

    public static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";
}
