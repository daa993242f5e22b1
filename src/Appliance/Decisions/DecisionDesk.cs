using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Decisions;

/// <summary>What the decision and rule endpoints do alike: publish and wait for the wall, lift, and show.</summary>
internal sealed class DecisionDesk(VerdictBoard board, EvidenceStore evidence, IWall wall, TimeProvider time, ILogger<DecisionDesk> log, IPlaces? places = null)
{
    /// <summary>How long an answer waits for the wall.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public VerdictBoard Board => board;

    public async ValueTask<DecisionBody> ShowAsync(Decision decision, CancellationToken cancellation)
    {
        IReadOnlyList<Evidence> found = decision.EvidenceIds.Count == 0 ? [] : await evidence.FindAsync(decision.EvidenceIds, cancellation);
        DecisionBody body = DecisionBody.From(decision, found, Acts(board.Wall.IsEnforced(decision.Scope))) with
        {
            OverruledBy = OverruledBy(decision),
            Place = PlaceBody.From(places?.Find(decision.Scope.Network)),
        };
        body.Stored = board.Store.IsStored(decision.Key);
        return body;
    }

    // Of the same scope or a wider one: an allow over part of a scope leaves the rest to the decision.
    private string? OverruledBy(Decision decision) => board.Effective(decision.Scope) is { } winner && winner.Id != decision.Id && winner.Verdict != decision.Verdict
        ? string.Create(CultureInfo.InvariantCulture, $"{Words.For(winner.Verdict)} {winner.Scope}, decision {winner.Id} ({(winner.Origin == Origin.Operator ? $"rule of {winner.Actor}" : Words.For(winner.Origin))})")
        : null;

    /// <summary>One decision, with everything that is claimed of its scope.</summary>
    public async ValueTask<DecisionBody> ShowWholeAsync(Decision decision, CancellationToken cancellation) =>
        await ShowAsync(decision, cancellation) with { Claims = ClaimBody.From(board.ClaimsOf(decision.Scope).Claims) };

    /// <summary>Whether the wall acts on this version within the patience.</summary>
    public async Task<bool> EnforcedAsync(long version, CancellationToken cancellation) => Acts(await HeldAsync(version, cancellation));

    /// <summary>Whether the wall holds this version within the patience; an observing one holds it and does not act.</summary>
    public async Task<bool> HeldAsync(long version, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await board.Wall.WhenEnforcedAsync(version, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public bool Lift(HttpContext context, long id)
    {
        Caller caller = Caller.For(context);
        bool lifted = board.Lift(id, caller.Name, out Decision? decision);
        if (lifted)
        {
            AuditNote.For(context).Before = JsonOf(decision!);
            Log(context, "lifted", decision!);
        }

        return lifted;
    }

    /// <summary>204 once the wall has let go of it as well; 202 with what is missing when that takes too long.</summary>
    public async Task<IResult> LiftedAsync(HttpContext context) =>
        await HeldAsync(board.Version, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.Accepted((string?)null, PreviewBody.Made(enforced: false, stored: true));

    /// <summary>Answers what would change; the refusal is the very problem that the change would meet.</summary>
    public static IResult AnswerPreview(HttpContext context, ChangePreview preview)
    {
        AuditNote.For(context).Dry = true;
        return preview.Refusal is { } refusal ? Refused(refusal, preview.Field) : TypedResults.Accepted((string?)null, PreviewBody.From(preview));
    }

    /// <summary>409: the board does not take it.</summary>
    /// <param name="sentence">Why.</param>
    /// <param name="field">The member that it is about; null: none alone.</param>
    public static Problem Refused(string sentence, string? field) =>
        new(StatusCodes.Status409Conflict, sentence, field is null ? null : new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [sentence] });

    /// <summary>Notes what a request changed, for the log and the audit.</summary>
    public void SetAuditNote(HttpContext context, string action, Decision? before, Decision after)
    {
        AuditNote note = AuditNote.For(context);
        (note.Before, note.After) = (before is null ? null : JsonOf(before), JsonOf(after));
        Log(context, action, after);
    }

    /// <summary>Publishes what a request asks for, or tells what that would change; 201 with the decision once the wall acts on it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="input">Its body.</param>
    /// <param name="dryRun">Its parameter of this name.</param>
    /// <param name="action">For the log: "made rule".</param>
    /// <param name="resource">Where the decision is found from now on, before its id: "/api/v1/rules".</param>
    /// <param name="made">Called with the decision before the answer begins; null: nothing is to be added to it.</param>
    public async Task<IResult> CreateAsync(HttpContext context, DecisionInput input, string? dryRun, string action, string resource, Action<Decision>? made = null)
    {
        DecisionReader reader = new();
        DecisionRequest request = reader.Request(input, Caller.For(context).Name);
        bool dry = reader.Flag("dryRun", dryRun) ?? false;
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (dry)
        {
            return AnswerPreview(context, board.Trial.Publish(request));
        }

        PublishResult result = board.Publish(request);
        if (result.Decision is not { } decision)
        {
            return Refused(result.Refusal!, result.Field);
        }

        SetAuditNote(context, action, result.Replaced, decision);
        made?.Invoke(decision);
        DecisionBody body = await AnswerAsync(context, decision, result.Version);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"{resource}/{decision.Id}"), body);
    }

    /// <summary>What the caller of a change is answered, and its audit entry tells: with what the wall and the store made of it.</summary>
    public async Task<DecisionBody> AnswerAsync(HttpContext context, Decision decision, long version)
    {
        bool enforced = await EnforcedAsync(version, context.RequestAborted);
        DecisionBody body = await ShowWholeAsync(decision, context.RequestAborted) with { Enforced = enforced, Stored = true };
        AuditNote.For(context).After = JsonSerializer.Serialize(body with { Claims = null }, ApiJson.Default.DecisionBody);
        return body;
    }

    public void Log(HttpContext context, string action, string subject)
    {
        Caller caller = Caller.For(context);
        ApiLog.Changed(log, caller.Name, caller.Address == Address.None ? "this machine" : $"{caller.Address}", action, subject);
    }

    // The decision itself is an entry of the log already; this adds from which address it was asked for.
    private void Log(HttpContext context, string action, Decision decision)
    {
        Caller caller = Caller.For(context);
        ApiLog.Asked(log, caller.Name, caller.Address, action, decision.Id);
    }

    private static string JsonOf(Decision decision) => JsonSerializer.Serialize(DecisionBody.From(decision, [], enforced: false), ApiJson.Default.DecisionBody);

    // An observing wall holds every decision and acts on none.
    private bool Acts(bool held) => held && wall.Status.Mode == EnforcementMode.Enforce;
}
