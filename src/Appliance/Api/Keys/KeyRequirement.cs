using Blackwall.Api.Problems;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Blackwall.Api.Keys;

/// <summary>Says in the OpenAPI document which operations need a key, and what they answer without one.</summary>
internal sealed class KeyRequirement : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AnonymousAttribute>().Any())
        {
            return;
        }

        Scope? needed = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<Needs>().LastOrDefault() is { } needs ? needs.Scope : Scope.Admin;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", context.Document)] = needed is null ? [] : [needed.Word] }];
        operation.Responses ??= [];
        IOpenApiSchema problem = context.SchemaGenerator.GenerateSchema(typeof(ProblemBody), context.SchemaRepository);
        foreach ((string status, string text) in new[] { ("400", "Bad Request"), ("401", "Unauthorized"), ("403", "Forbidden"), ("429", "Too Many Requests") })
        {
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = text,
                Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal) { [Problem.ContentType] = new OpenApiMediaType { Schema = problem } },
            });
        }
    }
}
