using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Sources;

/// <summary>/sources: the sources that detection knows, the most active or the last seen first.</summary>
internal static class SourceListEndpoint
{
    public static readonly string[] Phases = ["new", "suspicious", "malicious", "blocked", "trusted"];

    private static readonly Dictionary<string, SourceOrder> Orders = new(StringComparer.Ordinal)
    {
        ["last-seen"] = SourceOrder.LastSeen,
        ["packets"] = SourceOrder.Packets,
        ["suspicion"] = SourceOrder.Suspicion,
    };

    // A list walks the whole table: one at a time, whoever asks.
    private static readonly SemaphoreSlim One = new(1);

    public static IReadOnlyCollection<string> OrderWords => Orders.Keys;

    public static void MapSourceList(this IEndpointRouteBuilder api) =>
        api.MapGet("/sources", ListAsync).WithName("listSources").Needs(SourceScopes.Read).WithTags("sources").Produces<SourceList>().Refuses(422);

    /// <summary>Lists the sources that detection knows.</summary>
    /// <remarks>The table is bounded, and goes on changing while it is read: a source that moves between two pages may be on both or on none.</remarks>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="services">Where detection is, when it runs.</param>
    /// <param name="phase">new, suspicious, malicious, blocked or trusted.</param>
    /// <param name="within">In this prefix.</param>
    /// <param name="sort">last-seen, packets or suspicion, the most first; last-seen without it.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static async Task<IResult> ListAsync(
        HttpContext context,
        DecisionDesk desk,
        IServiceProvider services,
        [FromQuery, Word(WordLists.Phase)] string? phase,
        [FromQuery] string? within,
        [FromQuery, Word(WordLists.SourceOrder)] string? sort,
        [FromQuery] string? limit,
        [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        SourcePlace place = default;
        Prefix? prefix = reader.Scope("within", within);
        int most = reader.Number("limit", limit, 100, 1, 1000);
        if (!string.IsNullOrEmpty(phase) && !Phases.Contains(phase, StringComparer.Ordinal))
        {
            reader.Fail("phase", Words.NotOneOf(phase, Phases));
        }

        if (!Orders.TryGetValue(string.IsNullOrEmpty(sort) ? "last-seen" : sort, out SourceOrder order))
        {
            reader.Fail("sort", Words.NotOneOf(sort, Orders.Keys));
        }

        if (!string.IsNullOrEmpty(cursor) && !SourcePlace.TryParse(cursor, out place))
        {
            reader.Fail("cursor", "Not a cursor of this list.");
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        SourceQuery query = new(string.IsNullOrEmpty(phase) ? null : phase, prefix, order, string.IsNullOrEmpty(cursor) ? null : place, most);
        IReadOnlyList<SourceRow> rows = services.GetService<ISourceInsight>() is { } insight ? await ReadAsync(insight, query, context.RequestAborted) : [];
        IPlaces? places = services.GetService<IPlaces>();
        return TypedResults.Ok(new SourceList(
            [.. rows.Select(row => SourceRowBody.From(row, desk.Board.Effective(Prefix.Host(row.Place.Address)), places?.Find(row.Place.Address)))],
            rows.Count == most ? $"{rows[^1].Place}" : null));
    }

    private static async Task<IReadOnlyList<SourceRow>> ReadAsync(ISourceInsight insight, SourceQuery query, CancellationToken cancellation)
    {
        await One.WaitAsync(cancellation);
        try
        {
            return insight.List(query);
        }
        finally
        {
            One.Release();
        }
    }
}
