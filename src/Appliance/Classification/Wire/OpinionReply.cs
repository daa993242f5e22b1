using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Blackwall.Classification.Wire;

/// <summary>Reads answers. One thing too many, missing, repeated or out of range, and the answer is void as a whole.</summary>
internal static class OpinionReply
{
    private const int MaxDepth = 4;

    /// <summary>
    /// Reads {"v":[{"id":"1","c":"scan","p":90}, ...]} about the ids 1..<paramref name="count"/>, each once.
    /// </summary>
    /// <param name="text">The model's text: hostile.</param>
    /// <param name="count">How many sources were asked about.</param>
    /// <param name="opinions">By source, in the order in which they were asked about; empty when void.</param>
    /// <returns>Null: valid; else what is wrong with it.</returns>
    public static string? Read(string text, int count, out IReadOnlyList<(OpinionCategory Category, int Percent)> opinions)
    {
        opinions = [];
        try
        {
            Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = MaxDepth });
            (OpinionCategory, int)?[] found = new (OpinionCategory, int)?[count];
            if (ReadAll(ref reader, found) is { } wrong)
            {
                return wrong;
            }

            if (Array.Exists(found, opinion => opinion is null))
            {
                return "a source that was asked about is missing";
            }

            opinions = [.. found.Select(opinion => opinion!.Value)];
            return null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape that is no character.
            return "the text is no JSON";
        }
    }

    private static string? ReadAll(ref Utf8JsonReader reader, (OpinionCategory, int)?[] found)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "the text is no object";
        }

        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("v"u8) || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return "the object does not hold v, a list, alone";
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return "the list holds something that is no object";
            }

            if (ReadOne(ref reader, found) is { } wrong)
            {
                return wrong;
            }
        }

        // Whatever follows the list or the object is refused too; the reader itself refuses a second value.
        return reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? null : "the object does not hold v alone";
    }

    private static string? ReadOne(ref Utf8JsonReader reader, (OpinionCategory, int)?[] found)
    {
        int? id = null, percent = null;
        OpinionCategory? category = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8) && id is null)
            {
                id = reader.Read() && reader.TokenType == JsonTokenType.String && int.TryParse(reader.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
            }
            else if (reader.ValueTextEquals("c"u8) && category is null)
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || Category(reader.GetString()!) is not { } word)
                {
                    return "a category is none of ours";
                }

                category = word;
            }
            else if (reader.ValueTextEquals("p"u8) && percent is null)
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int value) || value is < 0 or > 100)
                {
                    return "a percentage is no whole number within 0..100";
                }

                percent = value;
            }
            else
            {
                return "an opinion has a member too many";
            }
        }

        if (id is not { } index || category is not { } said || percent is not { } sure)
        {
            return "an opinion lacks a member";
        }

        if (index < 1 || index > found.Length || found[index - 1] is not null)
        {
            return "an id was not asked about, or is there twice";
        }

        found[index - 1] = (said, sure);
        return null;
    }

    private static OpinionCategory? Category(string word) => OpinionWords.Categories.TryGetValue(word, out OpinionCategory category) ? category : null;
}
