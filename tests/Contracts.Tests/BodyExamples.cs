using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Blackwall.Tests.Contracts;

/// <summary>Makes bodies that fit a schema, and ones that nearly do.</summary>
internal sealed class BodyExamples(Random random)
{
    private static readonly string[] Texts = ["203.0.113.9", "198.51.100.0/24", "2001:db8::/48", "::1", "0.0.0.0/0", "127.0.0.1", "drop", "pass", "rate-limit", "x", "", " ", "\0", "\ud83d\ude00", "../../etc/passwd", "' OR 1=1 --", "2030-01-01T00:00:00Z", "9999-99-99", new('a', 5000)];
    private static readonly long[] Numbers = [0, 1, -1, 60, 86_400, int.MaxValue, long.MaxValue, long.MinValue, 315_360_001];

    public string Text() => Texts[random.Next(Texts.Length)];

    /// <summary>A value of the schema; broken in about one place of ten.</summary>
    public JsonNode? Of(IOpenApiSchema? schema, int depth = 0)
    {
        if (random.Next(12) == 0)
        {
            return Wrong();
        }

        return schema switch
        {
            null => Wrong(),
            { OneOf: [{ } meant, ..] } => Of(meant, depth + 1),
            { Enum: { Count: > 0 } words } => words[random.Next(words.Count)]?.DeepClone(),
            { Properties: { Count: > 0 } properties } when depth < 5 => Object(properties, depth),
            { Items: { } item } when depth < 5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Of(item, depth + 1))]),
            { Type: { } type } when type.HasFlag(JsonSchemaType.Integer) => Numbers[random.Next(Numbers.Length)],
            { Type: { } type } when type.HasFlag(JsonSchemaType.Number) => random.NextDouble(),
            { Type: { } type } when type.HasFlag(JsonSchemaType.Boolean) => random.Next(2) == 0,
            _ => Text(),
        };
    }

    private JsonObject Object(IDictionary<string, IOpenApiSchema> properties, int depth)
    {
        JsonObject made = [];
        foreach ((string name, IOpenApiSchema property) in properties)
        {
            if (random.Next(5) != 0)
            {
                made[name] = random.Next(4) > 0 && Likely(name) is { } likely ? likely : Of(property, depth + 1);
            }
        }

        if (random.Next(15) == 0)
        {
            made["unknown"] = 1;
        }

        return made;
    }

    /// <summary>What a field of this name would hold, so that requests get through to what they ask for.</summary>
    private JsonNode? Likely(string name) => name switch
    {
        "scope" => $"203.0.113.{random.Next(10)}",
        "reason" => "by-hand",
        "comment" => "seen in the log",
        "name" => $"k{random.Next(1_000_000)}",
        "ttlSeconds" => 60,
        "expiry" => "2999-01-01T00:00:00Z",
        "networks" => new JsonArray("203.0.113.0/24"),
        "addresses" => new JsonArray("203.0.113.9", "2001:db8::1"),
        _ => null,
    };

    private JsonNode? Wrong() => random.Next(7) switch
    {
        0 => null,
        1 => Numbers[random.Next(Numbers.Length)],
        2 => 1.5,
        3 => true,
        4 => new JsonArray(1, "a", null),
        5 => new JsonObject { ["a"] = new JsonObject { ["b"] = 1 } },
        _ => Text(),
    };
}
