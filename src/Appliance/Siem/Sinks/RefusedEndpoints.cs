using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Siem.Sinks;

/// <summary>/sinks/{name}/refused: events that a sink refused for what they are. Whoever reads them sees events of every kind, so it needs the scope that may forward them.</summary>
internal static class RefusedEndpoints
{
    private const int PageSize = 1000;

    public static void MapRefused(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/sinks/{name}/refused").WithTags("sinks");
        group.MapGet("", List).WithName("listRefusedEvents").Needs(SiemScopes.Write).Produces<RefusedEventPage>().Refuses(404, 422, 503);
        group.MapDelete("", ForgetAsync).WithName("deleteRefusedEvents").Needs(SiemScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 503);
        group.MapPost("/retry", RetryAsync).WithName("retryRefusedEvents").Needs(SiemScopes.Write).Produces<RefusedRetryBody>().Refuses(404, 503);
    }

    /// <summary>Events that the sink refused, newest first, and what it said of each. The newest 1000 are kept.</summary>
    /// <param name="name">Name of the sink.</param>
    /// <param name="sinks">All sinks.</param>
    /// <param name="store">Keeps them.</param>
    /// <param name="log">Numbers events.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static IResult List(string name, SinkBook sinks, SinkStore store, EventLog log, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        int most = reader.Number("limit", limit, 100, 1, PageSize);
        long? before = reader.Cursor("cursor", cursor);
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        return sinks.Find(name) is null ? Missing() : Try(() =>
        {
            IReadOnlyList<RefusedEvent> found = store.Refused(name, before, most + 1);
            string? next = found.Count > most ? found[most - 1].Id.ToString(CultureInfo.InvariantCulture) : null;
            return TypedResults.Ok(new RefusedEventPage([.. found.Take(most).Select(one => Body(one, log))], next));
        });
    }

    /// <summary>Forgets the events that the sink refused.</summary>
    /// <param name="name">Name of the sink.</param>
    /// <param name="sinks">All sinks.</param>
    /// <param name="store">Keeps them.</param>
    private static async Task<IResult> ForgetAsync(string name, SinkBook sinks, SinkStore store)
    {
        if (sinks.Find(name) is null)
        {
            return Missing();
        }

        try
        {
            await store.ForgetRefusedAsync(name, id: null);
            return TypedResults.NoContent();
        }
        catch (StoreException failure)
        {
            return Unstored(failure);
        }
    }

    /// <summary>Sends the events that the sink refused once more, oldest first: for when what it refused them for is mended. What it takes is forgotten here.</summary>
    /// <param name="name">Name of the sink.</param>
    /// <param name="context">The request.</param>
    /// <param name="sinks">All sinks.</param>
    private static async Task<IResult> RetryAsync(string name, HttpContext context, SinkBook sinks)
    {
        try
        {
            return await sinks.RetryAsync(name, context.RequestAborted) is { } done ? TypedResults.Ok(done) : Missing();
        }
        catch (StoreException failure)
        {
            return Unstored(failure);
        }
    }

    private static RefusedEventBody Body(RefusedEvent refused, EventLog log)
    {
        using JsonDocument document = JsonDocument.Parse(refused.Body);
        return new RefusedEventBody(refused.Id, log.IdOf(refused.Sequence), refused.Time, refused.Kind, refused.Why, document.RootElement.Clone());
    }

    private static IResult Try(Func<IResult> read)
    {
        try
        {
            return read();
        }
        catch (StoreException failure)
        {
            return Unstored(failure);
        }
    }

    private static Problem Missing() => Problem.Create(StatusCodes.Status404NotFound, "There is no sink of this name.");

    private static Problem Unstored(StoreException failure) => Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The refused events cannot be read or changed: {failure.Message}");
}
