using System.Text;
using Blackwall.Api;
using Blackwall.Api.Licenses;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Intel.Stix;
using Blackwall.Intel.Taxii;
using Blackwall.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Intel;

/// <summary>/feed/stix: what TAXII serves, for who speaks plain HTTP.</summary>
internal static class StixFeedEndpoint
{
    private const string Media = "application/stix+json;version=2.1";

    public static void MapStixFeed(this IEndpointRouteBuilder api) => api.MapGet("/feed/stix", Read).WithTags("feed").WithName("readStixFeed").Needs(IntelScopes.Read).WithMetadata(new Licensed(LicensedFeature.TaxiiRead))
        .Produces<string>(StatusCodes.Status200OK, "application/stix+json").Refuses(422, 503);

    /// <summary>The intelligence of this appliance as STIX bundles, oldest first; the last version of each object.</summary>
    /// <remarks>The header X-Next-Cursor says where to go on, also when there is nothing more now.</remarks>
    /// <param name="context">The request.</param>
    /// <param name="store">The objects.</param>
    /// <param name="cursor">X-Next-Cursor of the page before; without it from the oldest object on.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    private static IResult Read(HttpContext context, StixObjectStore store, [FromQuery] string? cursor, [FromQuery] string? limit)
    {
        DecisionReader reader = new();
        int most = Math.Min(reader.Number("limit", limit, 100, 1, PageLimit.Most), PageLimit.Of(context));
        long after = long.MinValue;
        if (!string.IsNullOrEmpty(cursor) && !TaxiiQuery.TryToken(cursor, out after))
        {
            reader.Fail("cursor", "What X-Next-Cursor said.");
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        try
        {
            StoredObject[] found = [.. store.List(Collection.Local, new ObjectFilter { After = after, Limit = most }).Take(most)];
            if (found.Length > 0)
            {
                cursor = TaxiiQuery.Token(found[^1].Added);
            }

            if (!string.IsNullOrEmpty(cursor))
            {
                context.Response.Headers["X-Next-Cursor"] = cursor;
            }

            // Its identifier is that of its content: a page that is fetched again is the same bundle.
            StringBuilder body = new();
            body.Append("{\"type\":\"bundle\",\"id\":\"").Append(StixId.Text("bundle", StixId.Create(StixId.Shared, string.Join('|', found.Select(one => $"{one.Type}--{one.Id}@{one.Added}"))))).Append('"');
            if (found.Length > 0)
            {
                body.Append(",\"objects\":[").AppendJoin(',', found.Select(one => Encoding.UTF8.GetString(one.Body.Span))).Append(']');
            }

            return TypedResults.Text(body.Append('}').ToString(), Media);
        }
        catch (StoreException failure)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The store cannot be read: {failure.Message}");
        }
    }
}
