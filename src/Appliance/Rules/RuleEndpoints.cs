using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Blackwall.Rules;

/// <summary>/rules: the operator's own decisions, which can be edited.</summary>
internal static class RuleEndpoints
{
    // One edit at a time, so that nothing comes between the comparison of a tag and the change.
    private static readonly Lock Editing = new();

    public static void MapRules(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/rules").WithTags("rules");
        group.MapGet("", ListAsync).WithName("listRules").Needs(RuleScopes.Read).Produces<DecisionList>().Refuses(422);
        group.MapPost("", CreateAsync).WithName("createRule").Needs(RuleScopes.Write).Produces<DecisionBody>(StatusCodes.Status201Created).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(400, 409, 413, 415, 422);
        group.MapGet("/{id:long}", GetAsync).WithName("getRule").Needs(RuleScopes.Read).Produces<DecisionBody>().Produces(StatusCodes.Status304NotModified).Refuses(404);
        group.MapPut("/{id:long}", ReplaceAsync).WithName("replaceRule").Needs(RuleScopes.Write).Produces<DecisionBody>().Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(400, 404, 409, 412, 413, 415, 422, 428);
        group.MapDelete("/{id:long}", RemoveAsync).WithName("removeRule").Needs(RuleScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 409, 412, 422);
        group.MapRuleImport();
    }

    /// <summary>Lists the operator's rules, newest first.</summary>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="verdict">pass, rate-limit, redirect or drop.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    private static async Task<IResult> ListAsync(HttpContext context, DecisionDesk desk, [FromQuery, Word(WordLists.Verdict)] string? verdict, [FromQuery] string? limit, [FromQuery] string? cursor)
    {
        DecisionReader reader = new();
        DecisionQuery query = new(null, null, Origin.Operator, reader.Verdict("verdict", verdict), reader.Cursor("cursor", cursor), reader.Number("limit", limit, 100, 1, 1000));
        return reader.Failed ? Problem.Invalid(reader.Errors) : TypedResults.Ok(await DecisionEndpoints.PageAsync(desk, query, context.RequestAborted));
    }

    /// <summary>Makes a rule.</summary>
    /// <remarks>A rule for the same scope is replaced and keeps its id.</remarks>
    /// <param name="input">The rule.</param>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="dryRun">true: change nothing, and answer (202) what would change.</param>
    private static Task<IResult> CreateAsync(DecisionInput input, HttpContext context, DecisionDesk desk, [FromQuery] string? dryRun) =>
        desk.CreateAsync(context, input, dryRun, "made rule", "/api/v1/rules", rule => context.Response.Headers.ETag = TagOf(rule));

    /// <summary>One rule; the ETag header is what a change has to send as If-Match.</summary>
    private static async Task<IResult> GetAsync(long id, HttpContext context, DecisionDesk desk)
    {
        if (Find(desk, id) is not { } rule)
        {
            return DecisionEndpoints.NotInForce();
        }

        context.Response.Headers.ETag = TagOf(rule);
        return TypedResults.Ok(await desk.ShowWholeAsync(rule, context.RequestAborted));
    }

    /// <summary>Replaces verdict, end, reason and comment; the scope stays.</summary>
    /// <remarks>If-Match has to name the rule as it was read (428 without it, 412 when it has changed since).</remarks>
    /// <param name="id">Of the rule.</param>
    /// <param name="input">The rule as it shall be.</param>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="ifMatch">ETag of the rule as it was read.</param>
    /// <param name="dryRun">true: change nothing, and answer (202) what would change.</param>
    private static async Task<IResult> ReplaceAsync(long id, DecisionInput input, HttpContext context, DecisionDesk desk, [FromHeader(Name = "If-Match")] string? ifMatch, [FromQuery] string? dryRun)
    {
        DecisionReader reader = new();
        DecisionRequest request = reader.Request(input, Caller.For(context).Name);
        bool dry = reader.Flag("dryRun", dryRun) ?? false;
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        PublishResult? result;
        lock (Editing)
        {
            if (Find(desk, id) is not { } rule)
            {
                return DecisionEndpoints.NotInForce();
            }

            if (Precondition(rule, ifMatch, required: true) is { } unmet)
            {
                return unmet;
            }

            if (DecisionEndpoints.Unliftable(rule) is { } configured)
            {
                return configured;
            }

            if (rule.Scope != request.Scope)
            {
                reader.Fail("scope", $"It is {rule.Scope} and stays so; make another rule for another scope.");
                return Problem.Invalid(reader.Errors);
            }

            if (dry)
            {
                return DecisionDesk.AnswerPreview(context, desk.Board.Trial.Publish(request, id));
            }

            result = desk.Board.Amend(id, request);
        }

        if (result is not { } amended)
        {
            return DecisionEndpoints.NotInForce();
        }

        if (amended.Decision is not { } changed)
        {
            return DecisionDesk.Refused(amended.Refusal!, amended.Field);
        }

        desk.SetAuditNote(context, "changed rule", amended.Replaced, changed);
        context.Response.Headers.ETag = TagOf(changed);
        return TypedResults.Ok(await desk.AnswerAsync(context, changed, amended.Version));
    }

    /// <summary>Removes a rule; with If-Match only if it is still as it was read.</summary>
    /// <param name="id">Of the rule.</param>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="ifMatch">ETag of the rule as it was read.</param>
    /// <param name="dryRun">true: change nothing, and answer (202) what would change.</param>
    private static async Task<IResult> RemoveAsync(long id, HttpContext context, DecisionDesk desk, [FromHeader(Name = "If-Match")] string? ifMatch, [FromQuery] string? dryRun)
    {
        DecisionReader reader = new();
        bool dry = reader.Flag("dryRun", dryRun) ?? false;
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        lock (Editing)
        {
            if (Find(desk, id) is not { } rule)
            {
                return DecisionEndpoints.NotInForce();
            }

            if ((Precondition(rule, ifMatch, required: false) ?? DecisionEndpoints.Unliftable(rule)) is { } refused)
            {
                return refused;
            }

            if (dry)
            {
                return desk.Board.Trial.Lift(id) is { } preview ? DecisionDesk.AnswerPreview(context, preview) : DecisionEndpoints.NotInForce();
            }

            if (!desk.Lift(context, id))
            {
                return DecisionEndpoints.NotInForce();
            }
        }

        return await desk.LiftedAsync(context);
    }

    private static Decision? Find(DecisionDesk desk, long id) => desk.Board.Find(id) is { Origin: Origin.Operator } rule ? rule : null;

    private static Problem? Precondition(Decision rule, string? ifMatch, bool required)
    {
        if (string.IsNullOrEmpty(ifMatch))
        {
            return required ? Problem.Create(StatusCodes.Status428PreconditionRequired, "Send the ETag of the rule as If-Match.") : null;
        }

        bool matches = EntityTagHeaderValue.TryParseList([ifMatch], out IList<EntityTagHeaderValue>? tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag.Equals(TagOf(rule), StringComparison.Ordinal)));
        return matches ? null : Problem.Create(StatusCodes.Status412PreconditionFailed, "The rule has changed since it was read.");
    }

    /// <summary>Changes whenever the rule does; whether the wall acts on it is not part of it.</summary>
    private static string TagOf(Decision rule)
    {
        // The comment comes last: it is the only text that may hold a line break.
        string state = string.Create(
            CultureInfo.InvariantCulture,
            $"{rule.Id}\n{rule.Verdict}\n{rule.Start.UtcTicks}\n{rule.Expiry?.UtcTicks}\n{rule.Confidence}\n{rule.Reason}\n{rule.Owner}\n{rule.Actor}\n{rule.Comment}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(state), hash);
        return $"\"{Convert.ToHexStringLower(hash[..12])}\"";
    }
}
