using System.Collections.Concurrent;
using System.Reflection;
using Blackwall.Pipeline.Model;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Api.Problems;

/// <summary>
/// Middleware: a query parameter that an operation does not know is refused, and so is one without a value or given twice. Ignored, a filter that is
/// misspelled lists everything and a dry run that is misspelled acts.
/// </summary>
internal static class QueryNames
{
    private const int MostErrors = 20;

    /// <summary>An empty cursor is the first page: nothing else can be meant.</summary>
    private const string FirstPage = "cursor";
    private static readonly ConcurrentDictionary<MethodInfo, string[]> Known = new();

    public static async Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.QueryString.HasValue && context.GetEndpoint()?.Metadata.GetMetadata<AnyQuery>() is null && context.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>() is { } handler)
        {
            string[] known = Known.GetOrAdd(handler, NamesOf);
            Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
            foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Query.Take(MostErrors))
            {
                if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    errors[name] = [$"There is no such parameter. {NearestName.Sentence(name, known)}"];
                }
                else if (values.Count > 1)
                {
                    errors[name] = ["It is given more than once."];
                }
                else if (string.IsNullOrEmpty(values) && !string.Equals(name, FirstPage, StringComparison.OrdinalIgnoreCase))
                {
                    errors[name] = ["It has no value; give one, or leave it out."];
                }
            }

            if (errors.Count > 0)
            {
                (string name, string[] why) = errors.First();
                await new Problem(StatusCodes.Status400BadRequest, $"The query parameter '{name}' is refused: {why[0]}", errors).ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    private static string[] NamesOf(MethodInfo handler) =>
    [
        .. handler.GetParameters()
            .Select(parameter => (Parameter: parameter, Query: parameter.GetCustomAttribute<FromQueryAttribute>()))
            .Where(pair => pair.Query is not null)
            .Select(pair => pair.Query!.Name ?? pair.Parameter.Name!)
            .Order(StringComparer.Ordinal),
    ];
}
