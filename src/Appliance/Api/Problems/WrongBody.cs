using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Blackwall.Pipeline.Model;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Problems;

/// <summary>Says what is wrong with a body in the words of JSON; names of .NET are none of the client's business.</summary>
internal static class WrongBody
{
    /// <summary>No body, or null, where one is wanted; null: the endpoint wants none.</summary>
    public static string? Missing(HttpContext context)
    {
        if (Wanted(context) is not { } wanted)
        {
            return null;
        }

        bool isOptional = Shape(context, wanted)?.Properties.All(member => member.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: true) != true) == true;
        return isOptional ? "This needs a JSON body; {} will do." : "This needs a JSON body.";
    }

    public static string Sentence(HttpContext context, JsonException json) =>
        $"The body is not the JSON that is wanted: {Unknown(context, json) ?? Unfit(context, json, Wanted(context)) ?? Unnamed(json)}";

    /// <summary>"$.networks[0]" is the field "networks[0]"; what is wrong before any field is wrong with the body.</summary>
    public static string FieldOf(JsonException? json) => json?.Path is ['$', '.', .. { Length: > 0 } field] ? field : "body";

    private static Type? Wanted(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    /// <summary>A member that the body may not have, and the nearest that it may; null: something else is wrong.</summary>
    private static string? Unknown(HttpContext context, JsonException json)
    {
        // "The JSON property 'x' could not be mapped to any .NET member contained in type 'Y'."
        string[] parts = json.Message.Split('\'');
        if (parts.Length < 5 || !parts[2].Contains("could not be mapped", StringComparison.Ordinal) || Type.GetType(parts[^2]) is not { } type)
        {
            return null;
        }

        string[] known = [.. Shape(context, type)?.Properties.Select(property => property.Name) ?? []];
        string written = string.Join('\'', parts[1..^3]);
        return $"it has no member '{written}'. {NearestName.Sentence(written, known)}";
    }

    /// <summary>A value of another kind than is wanted there; null: something else is wrong.</summary>
    private static string? Unfit(HttpContext context, JsonException json, Type? wanted)
    {
        // "The JSON value could not be converted to T.": T is sometimes the object around the value, so the path says what is wanted.
        if (!json.Message.Contains("could not be converted to ", StringComparison.Ordinal) || Find(context, wanted, json.Path ?? "$") is not { } type)
        {
            return null;
        }

        return $"{(json.Path is null or "$" ? "it" : FieldOf(json))} has to be {Kind(type)}{Place(json)}.";
    }

    /// <summary>The type at a path like "$.rules[0].scope"; null: there is none.</summary>
    private static Type? Find(HttpContext context, Type? type, string path)
    {
        foreach (string step in path.Split('.').Skip(1))
        {
            string[] parts = step.Split('[');
            type = type is null ? null : Shape(context, type)?.Properties.FirstOrDefault(member => string.Equals(member.Name, parts[0], StringComparison.Ordinal))?.PropertyType;
            for (int depth = 1; depth < parts.Length; depth++)
            {
                type = type is { IsGenericType: true } ? type.GetGenericArguments()[0] : null;
            }
        }

        return type;
    }

    private static JsonTypeInfo? Shape(HttpContext context, Type type) =>
        context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions.TryGetTypeInfo(type, out JsonTypeInfo? shape) ? shape : null;

    // The parser's own words speak of readers and paths; the first of its sentences says what was met, where it names no type.
    private static string Unnamed(JsonException json)
    {
        string met = json.Message.Split(". ")[0].Split(" Path:")[0].TrimEnd('.');
        return met.Contains("Blackwall.", StringComparison.Ordinal) || met.Contains("System.", StringComparison.Ordinal)
            ? $"{FieldOf(json)} does not fit{Place(json)}."
            : $"{met}{Place(json)}.";
    }

    private static string Place(JsonException json) =>
        json is { LineNumber: { } line, BytePositionInLine: { } position } ? string.Create(CultureInfo.InvariantCulture, $" (line {line + 1}, byte {position + 1})") : "";

    private static string Kind(Type type)
    {
        Type inner = Nullable.GetUnderlyingType(type) ?? type;
        return Type.GetTypeCode(inner) switch
        {
            TypeCode.String => "a string",
            TypeCode.Boolean => "true or false",
            TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64 => "a whole number",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            _ when inner == typeof(DateTimeOffset) => "a time like \"2026-01-31T12:00:00Z\"",
            _ when inner.IsAssignableTo(typeof(System.Collections.IEnumerable)) => "a list, [...]",
            _ => "an object, {...}",
        };
    }
}
