using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Blackwall.Api.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Blackwall.Api;

/// <summary>Tells in the OpenAPI document what the types alone do not: closed lists of words, and what a body must have.</summary>
internal sealed class SchemaWords(WordRegistry words) : ISchemaFilter, IParameterFilter
{
    // Parameters are texts to us, so that a wrong one is a problem that names it; to a client they are what they mean.
    private static readonly Dictionary<string, OpenApiSchema> Meanings = new(StringComparer.Ordinal)
    {
        ["limit"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = "1000" },
        ["ttlSeconds"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1", Maximum = "315360000" },
        ["since"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
        ["dryRun"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        ["active"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        ["refused"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
    };

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } body)
        {
            return;
        }

        foreach (PropertyInfo property in context.Type.GetProperties())
        {
            string name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (!properties.TryGetValue(name, out IOpenApiSchema? described))
            {
                continue;
            }

            if (property.PropertyType == typeof(JsonElement?) && described is OpenApiSchema anything)
            {
                // Without a type, generated clients take null for a mistake.
                anything.Type = JsonSchemaType.Null | JsonSchemaType.Object | JsonSchemaType.Array | JsonSchemaType.String | JsonSchemaType.Number | JsonSchemaType.Boolean;
            }

            if (property.GetCustomAttribute<WordAttribute>() is { } word)
            {
                OpenApiSchemaReference reference = Reference(word.List, context.SchemaRepository);
                if (described is OpenApiSchema { Items: not null } list)
                {
                    list.Items = reference;
                }
                else
                {
                    properties[name] = IsNullable(property) && property.GetCustomAttribute<RequiredAttribute>() is null ? OrNull(reference) : reference;
                }
            }
            else if (described is OpenApiSchemaReference && IsNullable(property))
            {
                properties[name] = OrNull(described);
            }

            if (property.GetCustomAttribute<RequiredAttribute>() is not null)
            {
                (body.Required ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
                if (properties[name] is OpenApiSchema { Type: { } type } needed)
                {
                    needed.Type = type & ~JsonSchemaType.Null;
                }
            }
        }
    }

    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter { Name: { } name, In: ParameterLocation.Query } described)
        {
            return;
        }

        if (context.ParameterInfo?.GetCustomAttribute<WordAttribute>() is { } word)
        {
            described.Schema = Reference(word.List, context.SchemaRepository);
        }
        else if (Meanings.TryGetValue(name, out OpenApiSchema? meaning))
        {
            described.Schema = meaning;
        }
    }

    // 3.1: a reference has no type beside it that could be null.
    private static OpenApiSchema OrNull(IOpenApiSchema schema) => new() { OneOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }] };

    private static bool IsNullable(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable && property.GetCustomAttribute<JsonIgnoreAttribute>() is null;

    private OpenApiSchemaReference Reference(string list, SchemaRepository schemas)
    {
        if (!schemas.Schemas.ContainsKey(list))
        {
            schemas.AddDefinition(list, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Find(list).Select(word => (JsonNode)word)] });
        }

        return new OpenApiSchemaReference(list);
    }
}
