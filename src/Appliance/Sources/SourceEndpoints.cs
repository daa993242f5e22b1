using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Kernel;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Sources;

/// <summary>/sources: one address, and everything that is known about it.</summary>
internal static class SourceEndpoints
{
    private const int MostEvidence = 50;

    public static void MapSources(this IEndpointRouteBuilder api) =>
        api.MapGet("/sources/{address}", ReadAsync).WithName("readSource").Needs(SourceScopes.Read).WithTags("sources").Produces<SourceBody>().Refuses(422);

    /// <summary>What happens to packets of an address and why: decisions, what the kernel holds, evidence, guard.</summary>
    /// <param name="address">IPv4 or IPv6.</param>
    /// <param name="context">The request.</param>
    /// <param name="desk">The desk.</param>
    /// <param name="store">Evidence.</param>
    /// <param name="wall">The wall.</param>
    /// <param name="clients">Fingerprints of sources.</param>
    /// <param name="services">Where detection is, when it runs.</param>
    private static async Task<IResult> ReadAsync(
        string address, HttpContext context, DecisionDesk desk, EvidenceStore store, IWall wall, ISourceClients clients, IServiceProvider services)
    {
        if (!Address.TryParse(address, out Address source))
        {
            DecisionReader reader = new();
            reader.Fail("address", "It is not an IPv4 or IPv6 address.");
            return Problem.Invalid(reader.Errors);
        }

        Prefix host = Prefix.Host(source);
        List<DecisionBody> containing = [];
        List<KernelEntryBody> held = [];

        // An address lies in at most 129 scopes, each claimed by few owners: one page.
        IReadOnlyList<Decision> decisions = desk.Board.List(new DecisionQuery(null, host, null, null, long.MaxValue, 1000)).Items;
        foreach (Decision decision in decisions)
        {
            containing.Add(await desk.ShowAsync(decision, context.RequestAborted));
        }

        foreach (Prefix scope in decisions.Select(decision => decision.Scope).Distinct().OrderByDescending(scope => scope.Length))
        {
            // Before the wall has caught up, a look-up of a prefix would find a wider one.
            if (desk.Board.Wall.IsEnforced(scope) && wall.TryRead(scope, out KernelEntry entry))
            {
                held.Add(KernelEntryBody.From(scope, entry));
            }
        }

        IReadOnlyList<Decision> claims = desk.Board.ClaimsOf(host).Claims;
        Decision? effective = claims.Count > 0 ? claims[0] : null;
        DecisionBody? winner = effective is null ? null : containing.Find(body => body.Id == effective.Id) ?? await desk.ShowAsync(effective, context.RequestAborted);
        GuardBody? guard = desk.Board.Guarding(host) is { } guarded ? new GuardBody(guarded.Scope.ToString(), guarded.Why, guarded.Pass) : null;
        IReadOnlyList<Evidence> evidence = await store.OfAsync(source, MostEvidence, context.RequestAborted);
        return TypedResults.Ok(new SourceBody(
            $"{source}",
            winner?.Verdict ?? Words.For(Verdict.Pass),
            SourceSentence.Write(source, wall.Status.Mode, guard, winner, held.FirstOrDefault()),
            guard,
            winner,
            containing,
            held,
            [.. evidence.Select(EvidenceBody.From)],
            services.GetService<ISourceInsight>()?.Describe(source) is { } standing ? StandingBody.From(standing) : null,
            services.GetService<IFalsePositives>()?.Find(source) is { } mark ? FalsePositiveBody.From(mark) : null,
            [.. clients.Find(source).Select(SeenFingerprintBody.From)])
        {
            Claims = ClaimBody.From(claims),
            Place = PlaceBody.From(services.GetService<IPlaces>()?.Find(source)),
            Feeds = [.. services.GetService<IThreatFeeds>()?.Mentions(source).Select(MentionBody.From) ?? []],
            Opinions = [.. services.GetServices<ISourceOpinions>().SelectMany(opinions => opinions.Find(source)).OrderByDescending(opinion => opinion.Time).Select(SourceOpinionBody.From)],
        });
    }
}
