using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Blackwall.Changes;

/// <summary>/changes: several rules and the mode in one step, first counted, then tried, then confirmed or taken back.</summary>
internal static class ChangeEndpoints
{
    private const int DefaultSeconds = 60;
    private const int MinSeconds = 5;
    private const int MaxSeconds = 3600;
    private const long MaxBody = 48 * 1024 * 1024;

    public static void MapChanges(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/changes").WithTags("changes");
        group.MapGet("", List).WithName("listChanges").Needs(ChangeScopes.Read).Produces<ChangeList>();
        group.MapPost("", ProposeAsync).WithName("proposeChange").Needs(ChangeScopes.Write).Produces<ChangeBody>(StatusCodes.Status201Created).Produces<ChangeBody>(StatusCodes.Status202Accepted).Refuses(400, 409, 413, 415, 422)
            .WithMetadata(new BodyLimit(MaxBody));
        group.MapGet("/{id:long}", Get).WithName("getChange").Needs(ChangeScopes.Read).Produces<ChangeBody>().Refuses(404);
        group.MapPost("/{id:long}/apply", ApplyAsync).WithName("applyChange").Needs(ChangeScopes.Write).Produces<ChangeBody>().Refuses(400, 404, 409, 413, 415, 422);
        group.MapPost("/{id:long}/confirm", ConfirmAsync).WithName("confirmChange").Needs(ChangeScopes.Write).Produces<ChangeBody>().Refuses(404, 409);
        group.MapDelete("/{id:long}", EndAsync).WithName("endChange").Needs(ChangeScopes.Write).Produces<ChangeBody>().Refuses(404, 409);
    }

    /// <summary>Lists changes, newest first.</summary>
    private static Ok<ChangeList> List(ChangeBook book, ChangeDesk desk) => TypedResults.Ok(new ChangeList([.. book.All.Select(desk.ToBody)]));

    /// <summary>One change; while it is shadow, with what its rules have met so far.</summary>
    private static IResult Get(long id, ChangeBook book, ChangeDesk desk) => book.Find(id) is { } change ? TypedResults.Ok(desk.ToBody(change)) : Unknown();

    /// <summary>Proposes a change.</summary>
    /// <remarks>
    /// It decides nothing yet: from now on packets that would meet its rules are counted. 409 when it would lock somebody out; errors then names
    /// the rules. With dryRun=true nothing is kept, and the answer says which rules a stronger decision overrules.
    /// </remarks>
    /// <param name="input">The change.</param>
    /// <param name="context">The request.</param>
    /// <param name="book">The book.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="time">The clock.</param>
    /// <param name="dryRun">true: keep nothing, and answer (202) what would change.</param>
    private static async Task<IResult> ProposeAsync(ChangeInput input, HttpContext context, ChangeBook book, ChangeDesk desk, TimeProvider time, [FromQuery] string? dryRun)
    {
        DecisionReader reader = new();
        string actor = Caller.For(context).Name;
        RuleChange rules = ChangeDesk.Read(input, actor, reader);
        EnforcementMode? mode = reader.Mode("mode", input.Mode);
        string? comment = reader.Comment(input.Comment);
        bool dry = reader.Flag("dryRun", dryRun) ?? false;
        if (!reader.Failed && rules.IsEmpty && mode is null)
        {
            reader.Fail("rules", "The change is empty: give rules, remove or mode.");
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        return await TryAsync(async () =>
        {
            if (dry)
            {
                AuditNote.For(context).Dry = true;
                PolicyChange draft = new(0, ChangeState.Shadow, rules, mode, comment, actor, time.GetUtcNow());
                return TypedResults.Accepted((string?)null, ChangeDesk.ToBody(draft, book.Preview(rules, mode)));
            }

            PolicyChange change = await book.ProposeAsync(rules, mode, comment, actor, context.RequestAborted);
            SetAuditNote(context, desk.ToBody(change));
            return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/v1/changes/{change.Id}"), desk.ToBody(change));
        });
    }

    /// <summary>Brings a change into force on trial.</summary>
    /// <remarks>It is enforced when the answer comes. Without a confirmation in time the kernel acts on the policy before it again, even when the appliance is dead.</remarks>
    private static async Task<IResult> ApplyAsync(long id, ChangeApplyInput input, HttpContext context, ChangeBook book, ChangeDesk desk, DecisionDesk audit)
    {
        if (input.ConfirmWithinSeconds is < MinSeconds or > MaxSeconds)
        {
            DecisionReader reader = new();
            reader.Fail("confirmWithinSeconds", string.Create(CultureInfo.InvariantCulture, $"A whole number within {MinSeconds}..{MaxSeconds}."));
            return Problem.Invalid(reader.Errors);
        }

        TimeSpan within = TimeSpan.FromSeconds(input.ConfirmWithinSeconds ?? DefaultSeconds);
        return await StepAsync(id, context, book, desk, audit, "applied", () => book.ApplyAsync(id, within, CancellationToken.None));
    }

    /// <summary>Makes a change on trial stay.</summary>
    private static Task<IResult> ConfirmAsync(long id, HttpContext context, ChangeBook book, ChangeDesk desk, DecisionDesk audit) =>
        StepAsync(id, context, book, desk, audit, "confirmed", () => book.ConfirmAsync(id, CancellationToken.None));

    /// <summary>Takes an open change back now.</summary>
    private static Task<IResult> EndAsync(long id, HttpContext context, ChangeBook book, ChangeDesk desk, DecisionDesk audit) =>
        StepAsync(id, context, book, desk, audit, "took back", () => book.EndAsync(id, $"Taken back by {Caller.For(context).Name}.", CancellationToken.None));

    private static async Task<IResult> StepAsync(long id, HttpContext context, ChangeBook book, ChangeDesk desk, DecisionDesk audit, string action, Func<Task<PolicyChange>> step)
    {
        if (book.Find(id) is null)
        {
            return Unknown();
        }

        return await TryAsync(async () =>
        {
            PolicyChange change = await step();
            SetAuditNote(context, desk.ToBody(change));
            audit.Log(context, action, string.Create(CultureInfo.InvariantCulture, $"change {id}"));
            return TypedResults.Ok(desk.ToBody(change));
        });
    }

    private static async Task<IResult> TryAsync(Func<Task<IResult>> work)
    {
        try
        {
            return await work();
        }
        catch (ChangeRefusedException refused)
        {
            return refused.Refusals.Count == 0
                ? Problem.Create(StatusCodes.Status409Conflict, refused.Message)
                : new Problem(StatusCodes.Status409Conflict, refused.Message, refused.Refusals.ToDictionary(r => r.Field, r => new[] { r.Sentence }, StringComparer.Ordinal));
        }
    }

    // The rules themselves stay with the change.
    private static void SetAuditNote(HttpContext context, ChangeBody change) =>
        AuditNote.For(context).After = JsonSerializer.Serialize(change with { Rules = [], Remove = [], Sources = [] }, ChangeJson.Default.ChangeBody);

    private static Problem Unknown() => Problem.Create(StatusCodes.Status404NotFound, "There is no change of this id.");
}
