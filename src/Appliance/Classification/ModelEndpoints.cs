using Blackwall.Api;
using Blackwall.Api.Problems;
using Blackwall.Classification.Embedded;
using Blackwall.Decisions;
using Blackwall.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Blackwall.Classification;

/// <summary>/model: the language model, what it was asked and what it thinks.</summary>
internal static class ModelEndpoints
{
    public static void MapModel(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/model").WithTags("model");
        group.MapGet("", Read).WithName("readModel").Needs(ClassificationScopes.Read).Produces<ModelBody>();
        group.MapGet("/opinions", ListOpinions).WithName("listOpinions").Needs(ClassificationScopes.Read).Produces<OpinionList>().Refuses(422);
        group.MapGet("/exchanges", ListExchanges).WithName("listModelExchanges").Needs(ClassificationScopes.Read).Produces<ExchangeList>().Refuses(422, 503);
    }

    /// <summary>The language model, and how it goes; and which embedded model there is.</summary>
    private static Ok<ModelBody> Read(ModelDesk desk, Interview interview, EmbeddedModel embedded, IOptions<AiOptions> options)
    {
        AiOptions ai = options.Value;
        IReadOnlyDictionary<string, long> counted = desk.Read();
        return TypedResults.Ok(new ModelBody(
            OpinionWords.For(ai.Mode),
            desk.State,
            ai.Endpoint.ToString(),
            ai.Model,
            ai.FallbackModel.Length == 0 ? null : ai.FallbackModel,
            interview.Breaker.Failures,
            interview.LastFailure,
            (long)Math.Ceiling(interview.Breaker.Remaining.TotalSeconds),
            desk.TokensLeft,
            (int)counted["waiting"],
            counted["questions"],
            counted["failures"],
            counted["opinions"],
            counted["limits"],
            ai.Embedded,
            embedded.Version,
            embedded.Data));
    }

    /// <summary>The newest opinion about each source, with the numbers that the model was told.</summary>
    /// <remarks>At most 4,096 sources are remembered, and none over a restart; the events of kind opinion have all of them.</remarks>
    /// <param name="book">Opinions.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    private static IResult ListOpinions(OpinionBook book, [FromQuery] string? limit)
    {
        DecisionReader reader = new();
        int most = reader.Number("limit", limit, 100, 1, 1000);
        return reader.Failed ? Problem.Invalid(reader.Errors) : TypedResults.Ok(new OpinionList([.. book.List(most).Select(OpinionBody.From)]));
    }

    /// <summary>Questions to the model and what came of them: the newest 1,000 are kept.</summary>
    /// <param name="store">Exchanges.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static IResult ListExchanges(ExchangeStore store, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        int most = reader.Number("limit", limit, 100, 1, 1000);
        long before = reader.Cursor("cursor", cursor);
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        try
        {
            IReadOnlyList<Exchange> found = store.List(before, most);
            return TypedResults.Ok(new ExchangeList([.. found.Select(ExchangeBody.From)], found.Count == most ? $"{found[^1].Id}" : null));
        }
        catch (StoreException failure)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"Exchanges cannot be read: {failure.Message}.");
        }
    }
}
