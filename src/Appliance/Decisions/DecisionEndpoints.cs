using System.Globalization;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Decisions;

/// <summary>/decisions: everything that is decided, by whomever.</summary>
internal static class DecisionEndpoints
{
    private const int MaxChecked = 10_000;

    public static void MapDecisions(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/decisions").WithTags("decisions");
        group.MapPost("", CreateAsync).WithName("createDecision").Needs(DecisionScopes.Write).Produces<DecisionBody>(StatusCodes.Status201Created).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(400, 409, 413, 415, 422);
        group.MapGet("", ListAsync).WithName("listDecisions").Needs(DecisionScopes.Read).Produces<DecisionList>().Refuses(422);
        group.MapGet("/{id:long}", GetAsync).WithName("getDecision").Needs(DecisionScopes.Read).Produces<DecisionBody>().Refuses(404);
        group.MapDelete("/{id:long}", LiftAsync).WithName("liftDecision").Needs(DecisionScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 409, 422);
        group.MapPost("/check", CheckAsync).WithName("checkAddresses").Needs(DecisionScopes.Read).Produces<CheckList>().Refuses(400, 413, 415, 422)
            .WithMetadata(new BodyLimit(1024 * 1024));
    }

    /// <summary>Decides as the operator.</summary>
    /// <remarks>Answers when the wall acts on it, or after one second with enforced = false. Refused (409) when it would block the operator, the machine or its network.</remarks>
    /// <param name="input">The decision.</param>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="dryRun">true: change nothing, and answer (202) what would change.</param>
    private static Task<IResult> CreateAsync(DecisionInput input, HttpContext context, DecisionDesk desk, [FromQuery] string? dryRun) =>
        desk.CreateAsync(context, input, dryRun, "decided", "/api/v1/decisions");

    /// <summary>Lists decisions in force, newest first, or those that have ended, the last to end first.</summary>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="history">What has ended.</param>
    /// <param name="scope">Exactly this address or prefix.</param>
    /// <param name="contains">Every decision whose scope contains this address or prefix.</param>
    /// <param name="within">Every decision whose scope lies in this prefix.</param>
    /// <param name="origin">guard, operator, local, model, mesh or feed.</param>
    /// <param name="verdict">pass, rate-limit, redirect or drop.</param>
    /// <param name="reason">With this reason.</param>
    /// <param name="owner">Of this owner, as decisions name it.</param>
    /// <param name="since">Come into force at or after this time (RFC 3339).</param>
    /// <param name="active">false: decisions that have ended; true without it.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static async Task<IResult> ListAsync(
        HttpContext context,
        DecisionDesk desk,
        HistoryStore history,
        [FromQuery] string? scope,
        [FromQuery] string? contains,
        [FromQuery] string? within,
        [FromQuery, Word(WordLists.Origin)] string? origin,
        [FromQuery, Word(WordLists.Verdict)] string? verdict,
        [FromQuery] string? reason,
        [FromQuery] string? owner,
        [FromQuery] string? since,
        [FromQuery] string? active,
        [FromQuery] string? limit,
        [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        DecisionQuery query = new(
            reader.Scope("scope", scope),
            reader.Scope("contains", contains),
            reader.Origin("origin", origin),
            reader.Verdict("verdict", verdict),
            reader.Cursor("cursor", cursor),
            reader.Number("limit", limit, 100, 1, 1000))
        {
            Within = reader.Scope("within", within),
            Reason = string.IsNullOrEmpty(reason) ? null : reader.Reason(reason),
            Owner = string.IsNullOrEmpty(owner) ? null : reader.Owner(owner),
            Since = reader.Time("since", since),
        };
        bool inForce = reader.Flag("active", active) ?? true;
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (inForce)
        {
            return TypedResults.Ok(await PageAsync(desk, query, context.RequestAborted));
        }

        (IReadOnlyList<EndedDecision> ended, long? next) = await history.ListAsync(query, context.RequestAborted);
        return TypedResults.Ok(new DecisionList([.. ended.Select(DecisionBody.From)], next?.ToString(CultureInfo.InvariantCulture)));
    }

    public static async Task<DecisionList> PageAsync(DecisionDesk desk, DecisionQuery query, CancellationToken cancellation)
    {
        DecisionPage page = desk.Board.List(query);
        List<DecisionBody> items = new(page.Items.Count);
        foreach (Decision decision in page.Items)
        {
            items.Add(await desk.ShowAsync(decision, cancellation));
        }

        return new DecisionList(items, page.Next?.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One decision in force, with everything that is claimed of its scope.</summary>
    private static async Task<IResult> GetAsync(long id, HttpContext context, DecisionDesk desk) =>
        desk.Board.Find(id) is { } decision
            ? TypedResults.Ok(await desk.ShowWholeAsync(decision, context.RequestAborted))
            : NotInForce();

    /// <summary>Lifts a decision; the source starts afresh.</summary>
    /// <param name="id">Of the decision.</param>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="dryRun">true: change nothing, and answer (202) what would change.</param>
    private static async Task<IResult> LiftAsync(long id, HttpContext context, DecisionDesk desk, [FromQuery] string? dryRun)
    {
        DecisionReader reader = new();
        bool dry = reader.Flag("dryRun", dryRun) ?? false;
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (desk.Board.Find(id) is not { } decision)
        {
            return NotInForce();
        }

        if (Unliftable(decision) is { } refused)
        {
            return refused;
        }

        if (dry)
        {
            return desk.Board.Trial.Lift(id) is { } preview ? DecisionDesk.AnswerPreview(context, preview) : NotInForce();
        }

        return desk.Lift(context, id) ? await desk.LiftedAsync(context) : NotInForce();
    }

    /// <summary>Says what the wall does with packets of these addresses, and which decision wins.</summary>
    private static async Task<IResult> CheckAsync(CheckInput input, HttpContext context, DecisionDesk desk)
    {
        if (input.Addresses is not { Count: >= 1 and <= MaxChecked })
        {
            DecisionReader empty = new();
            empty.Fail("addresses", string.Create(CultureInfo.InvariantCulture, $"1..{MaxChecked} addresses."));
            return Problem.Invalid(empty.Errors);
        }

        DecisionReader reader = new();
        List<CheckBody> items = new(input.Addresses.Count);
        for (int i = 0; i < input.Addresses.Count && reader.Errors.Count < 100; i++)
        {
            if (reader.Scope(string.Create(CultureInfo.InvariantCulture, $"addresses[{i}]"), input.Addresses[i], required: true) is { } scope)
            {
                ScopeClaims claims = desk.Board.ClaimsOf(scope);
                DecisionBody? body = claims.Winner is { } winner ? await desk.ShowAsync(winner, context.RequestAborted) : null;
                items.Add(new CheckBody(input.Addresses[i], body?.Verdict ?? "pass", body) { Claims = ClaimBody.From(claims.Claims) });
            }
        }

        return reader.Failed ? Problem.Invalid(reader.Errors) : TypedResults.Ok(new CheckList(items));
    }

    public static Problem NotInForce() => Problem.Create(StatusCodes.Status404NotFound, "No decision of this id is in force.");

    /// <summary>Null: it can be lifted.</summary>
    public static Problem? Unliftable(Decision decision)
    {
        if (decision.Origin == Origin.Guard)
        {
            return Problem.Create(StatusCodes.Status409Conflict, $"{decision.Scope} is guarded: it is {decision.Comment}.");
        }

        if (ConfiguredRule.Is(decision))
        {
            return Problem.Create(StatusCodes.Status409Conflict, $"The rule for {decision.Scope} comes from {(decision.Owner.StartsWith('/') ? decision.Owner : "the configuration file")}; remove it there.");
        }

        return decision.Origin == Origin.Operator && !string.Equals(decision.Owner, ClaimOwner.Operator, StringComparison.Ordinal)
            ? Problem.Create(StatusCodes.Status409Conflict, $"The rule for {decision.Scope} belongs to {decision.Owner}; import that list again without it.")
            : null;
    }
}
