using System.Globalization;
using System.Text;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Blackwall.Rules;

/// <summary>/rules/import: a list of addresses and prefixes at once, all or nothing.</summary>
internal static class RuleImport
{
    private const long MaxBytes = 50 * 1024 * 1024;

    public static void MapRuleImport(this IEndpointRouteBuilder rules) =>
        rules.MapPost("/import", ImportAsync).WithName("importRules").Needs(RuleScopes.Write)
            .Accepts<string>("text/plain")
            .Produces<ImportBody>().Produces<ImportBody>(StatusCodes.Status202Accepted).Refuses(400, 409, 413, 415, 422)
            .WithMetadata(new BodyLimit(MaxBytes));

    /// <summary>Makes a rule of every line: an address or prefix, '#' begins a comment.</summary>
    /// <remarks>All or nothing: one bad line and nothing changes. Each bad line is named, at most 100 of them.</remarks>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="board">Bounds.</param>
    /// <param name="verdict">pass, rate-limit, redirect or drop; drop without it.</param>
    /// <param name="ttlSeconds">1..315,360,000; without it the rules stand until they are removed.</param>
    /// <param name="reason">Machine word; "import" without it.</param>
    /// <param name="list">Name of 1..64 of a-z, 0-9, '-': the rules belong to the list of this name from now on, beside all others, and what the list held before and is not in it any more goes. An empty one takes the list away.</param>
    /// <param name="force">true: pass rules over more than a /8 of IPv4 or a /19 of IPv6 are meant.</param>
    /// <param name="dryRun">true: change nothing, and answer (202) what would change.</param>
    private static async Task<IResult> ImportAsync(
        HttpContext context,
        DecisionDesk desk,
        IOptions<BoardOptions> board,
        [FromQuery, Word(WordLists.Verdict)] string? verdict,
        [FromQuery] string? ttlSeconds,
        [FromQuery] string? reason,
        [FromQuery] string? list,
        [FromQuery] string? force,
        [FromQuery] string? dryRun)
    {
        DecisionReader reader = new();
        bool forced = reader.Flag("force", force) ?? false;
        bool dry = reader.Flag("dryRun", dryRun) ?? false;
        DecisionRequest template = new(
            default,
            reader.Verdict("verdict", verdict) ?? Verdict.Drop,
            Origin.Operator,
            reader.Reason(reason ?? "import"),
            1,
            ttlSeconds is null ? null : TimeSpan.FromSeconds(reader.Number("ttlSeconds", ttlSeconds, 1, 1, (int)DecisionReader.MaxTtlSeconds)),
            [],
            null,
            Caller.For(context).Name)
        {
            Owner = reader.List("list", list) is { } name ? ClaimOwner.List(name).Name : ClaimOwner.Operator,
        };
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        using StreamReader body = new(context.Request.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false));
        string text = await body.ReadToEndAsync(context.RequestAborted);
        (List<Prefix> scopes, List<int> lines, List<(int Line, string Error)> errors) = Netset.Parse(text, board.Value.MaxDecisions);
        if (errors.Count > 0)
        {
            return Problem.Invalid(ByLine(errors));
        }

        // A list that is empty now is taken away.
        if (scopes.Count == 0 && list is null)
        {
            reader.Fail("body", "There is no address or prefix in it.");
            return Problem.Invalid(reader.Errors);
        }

        reader.ConfirmWide(template.Verdict, scopes, forced);
        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        AuditNote.For(context).Dry = dry;
        int added = 0;
        long version = 0;
        IReadOnlyList<(int Index, string Sentence)> refusals = dry || list is not null
            ? desk.Board.Trial.PublishAll(template, scopes, out added)
            : desk.Board.PublishAll(template, scopes, out version);

        if (refusals.Count > 0)
        {
            return new Problem(
                StatusCodes.Status409Conflict,
                $"Nothing was imported: {refusals[0].Sentence}",
                ByLine(refusals.Select(refusal => (lines[refusal.Index], refusal.Sentence))));
        }

        if (dry)
        {
            return TypedResults.Accepted((string?)null, new ImportBody(scopes.Count, added, Enforced: false, DryRun: true) { Removed = list is null ? null : Gone(desk.Board, template.Owner, scopes) });
        }

        (int? brought, int? removed) = (null, null);
        if (list is not null)
        {
            ReconcileResult result = Replace(desk.Board, template, scopes);
            if (result.Failure is { } failure)
            {
                return DecisionDesk.Refused(failure, null);
            }

            (version, brought, removed) = (result.Version, result.Added, result.Removed);
        }

        desk.Log(context, "imported", string.Create(CultureInfo.InvariantCulture, $"{scopes.Count} rules to {Words.For(template.Verdict)}"));
        ImportBody done = new(scopes.Count, brought, await desk.EnforcedAsync(version, context.RequestAborted), DryRun: false) { Removed = removed };
        AuditNote.For(context).After = JsonSerializer.Serialize(done, RuleJson.Default.ImportBody);
        return TypedResults.Ok(done);
    }

    private static ReconcileResult Replace(VerdictBoard board, DecisionRequest template, IReadOnlyList<Prefix> scopes) => board.Reconcile(
        new ClaimOwner(Origin.Operator, template.Owner),
        [.. scopes.Select(scope => new Claim(scope, template.Verdict, template.Reason, template.Confidence, template.Ttl, template.Comment))],
        template.Actor);

    private static int Gone(VerdictBoard board, string owner, IReadOnlyList<Prefix> scopes) =>
        board.ScopesOf(new ClaimOwner(Origin.Operator, owner)).Except(scopes).Count();

    private static Dictionary<string, string[]> ByLine(IEnumerable<(int Line, string Error)> errors) =>
        errors.GroupBy(e => string.Create(CultureInfo.InvariantCulture, $"line {e.Line}"), e => e.Error, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
}
