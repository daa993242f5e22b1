using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Sources;

/// <summary>The operator's word that detection was wrong about an address.</summary>
internal static class FalsePositiveEndpoint
{
    private const int MostEvidence = 200;
    private const long LeastTtl = 60;
    private const long MostTtl = 31_536_000;
    private const long UsualTtl = 30 * 86_400;

    public static void MapFalsePositives(this IEndpointRouteBuilder api) =>
        api.MapPost("/sources/{address}/false-positive", MarkAsync).WithName("markFalsePositive").WithTags("sources").Needs(DecisionScopes.Write).Produces<FalsePositiveBody>().Refuses(400, 409, 422);

    /// <summary>Lifts what detection decided about an address, and lets these kinds of evidence not count against it any more.</summary>
    /// <param name="address">IPv4 or IPv6.</param>
    /// <param name="input">What is meant; may be empty.</param>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="store">Evidence.</param>
    /// <param name="services">Where detection is, when it runs.</param>
    /// <param name="time">The clock.</param>
    private static async Task<IResult> MarkAsync(
        string address, FalsePositiveInput input, HttpContext context, DecisionDesk desk, EvidenceStore store, IServiceProvider services, TimeProvider time)
    {
        if (services.GetService<IFalsePositives>() is not { } ledger)
        {
            return Problem.Create(StatusCodes.Status409Conflict, "Detection does not run: network.mode is off.");
        }

        DecisionReader reader = new();
        if (!Address.TryParse(address, out Address source))
        {
            reader.Fail("address", "It is not an IPv4 or IPv6 address.");
        }

        if (input.TtlSeconds is < LeastTtl or > MostTtl)
        {
            reader.Fail("ttlSeconds", string.Create(CultureInfo.InvariantCulture, $"It is within {LeastTtl}..{MostTtl}."));
        }

        string? comment = reader.Comment(input.Comment);
        string[] kinds = [.. (input.Kinds ?? []).Distinct(StringComparer.Ordinal).Take(64)];
        if (kinds.FirstOrDefault(kind => !ledger.Kinds.Contains(kind, StringComparer.Ordinal)) is not null)
        {
            reader.Fail("kinds", $"Each is one of {string.Join(", ", ledger.Kinds)}.");
        }

        if (reader.Failed)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (kinds.Length == 0)
        {
            IReadOnlyList<Evidence> seen = await store.OfAsync(source, MostEvidence, context.RequestAborted);
            kinds = [.. seen.Select(e => e.Kind).Distinct(StringComparer.Ordinal).Where(kind => ledger.Kinds.Contains(kind, StringComparer.Ordinal))];
        }

        if (kinds.Length == 0)
        {
            reader.Fail("kinds", "Nothing was seen of this address: name what shall not count.");
            return Problem.Invalid(reader.Errors);
        }

        DateTimeOffset now = time.GetUtcNow();
        FalsePositive mark = new(source, kinds, now, now.AddSeconds(input.TtlSeconds ?? UsualTtl), Caller.For(context).Name, comment);
        if (!ledger.Mark(mark))
        {
            return Problem.Create(StatusCodes.Status409Conflict, "There are too many marks already; wait until some have ended.");
        }

        desk.Log(context, "marked as false positive", $"{source} ({string.Join(", ", kinds)})");
        DecisionQuery ours = new(null, Prefix.Host(source), Origin.Local, null, long.MaxValue, 1000);
        foreach (Decision decision in desk.Board.List(ours).Items)
        {
            desk.Lift(context, decision.Id);
        }

        AuditNote.For(context).After = JsonSerializer.Serialize(FalsePositiveBody.From(mark), SourceJson.Default.FalsePositiveBody);
        bool enforced = await desk.HeldAsync(desk.Board.Version, context.RequestAborted);
        return TypedResults.Ok(FalsePositiveBody.From(mark) with { Enforced = enforced, Stored = ledger.Stored });
    }
}
