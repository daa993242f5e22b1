using System.Globalization;
using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Bridges.Mesh;

/// <summary>
/// Makes claims of what votes come to: one for each reporter that counts, so that taking one report back takes that claim and leaves the others. The board asks the guard
/// first, and the operator's allow rules.
/// </summary>
internal sealed class MeshClaims(VerdictBoard board, TimeProvider time, ILogger<MeshClaims> log)
{
    /// <summary>Who acts, in claims and events.</summary>
    public const string Actor = "mesh";

    private const int MaxReporters = 8;
    private const int MaxComment = 1000;

    /// <summary>Brings the claims about a target to what its votes come to.</summary>
    public void Apply(TrustDecision decision)
    {
        if (!TryScope(decision.Value, out Prefix scope))
        {
            return;
        }

        TimeSpan ttl = decision.Until - time.GetUtcNow();
        bool acts = decision.After is MeshAction.RateLimit or MeshAction.Tarpit or MeshAction.Block && ttl > TimeSpan.Zero;
        WeighedVote[] reporters = acts ? [.. decision.Cause.Votes.Where(vote => !vote.Vote.IsAgainst && vote.Counted > 0).OrderByDescending(vote => vote.Counted).Take(MaxReporters)] : [];
        HashSet<string> owners = [.. reporters.Select(vote => $"{vote.Vote.Author}")];
        foreach (Decision claim in board.ClaimsOf(scope).Claims.Where(claim => claim.Scope == scope && claim.Origin == Origin.Mesh && !owners.Contains(claim.Owner)))
        {
            board.Lift(claim.Id, Actor, out _);
        }

        foreach (WeighedVote vote in reporters)
        {
            DecisionRequest request = new(scope, VerdictOf(decision.After, scope), Origin.Mesh, $"mesh-{decision.Cause.Reason}", Math.Clamp(decision.Cause.Weight / 6, 0.1, 1), ttl, [], Comment(vote, decision.Cause), Actor)
            {
                Owner = $"{vote.Vote.Author}",
            };
            if (board.Publish(request).Refusal is { } refusal)
            {
                MeshLog.Refused(log, decision.Value.Text, refusal);
                return;
            }
        }
    }

    /// <summary>Lifts every claim about what is not acted on: after a restart, when the votes are known again.</summary>
    public void Keep(IReadOnlySet<IndicatorValue> acted)
    {
        foreach (ClaimOwner owner in board.OwnersOf(Origin.Mesh))
        {
            foreach (Prefix scope in board.ScopesOf(owner).Where(scope => !acted.Contains(ValueOf(scope))))
            {
                foreach (Decision claim in board.ClaimsOf(scope).Claims.Where(claim => claim.Scope == scope && claim.Origin == Origin.Mesh))
                {
                    board.Lift(claim.Id, Actor, out _);
                }
            }
        }
    }

    /// <summary>Whether the mesh asks for something about a value: after a restart claims are there before the votes.</summary>
    public bool Stands(IndicatorValue value) => Standing(value).Any();

    /// <summary>Lifts every claim of the mesh about a value that the operator refuted.</summary>
    public void Lift(IndicatorValue value)
    {
        foreach (Decision claim in Standing(value).ToArray())
        {
            board.Lift(claim.Id, Actor, out _);
        }
    }

    /// <summary>What the mesh calls a scope; default: it is too wide to be told.</summary>
    public static IndicatorValue ValueOf(Prefix scope) => IndicatorValue.TryFrom(scope.Network.ToIPAddress(), scope.Length, out IndicatorValue value) ? value : default;

    public static bool TryScope(IndicatorValue value, out Prefix scope)
    {
        scope = default;
        if (!value.TryGetNetwork(out IPAddress? network, out int bits))
        {
            return false;
        }

        scope = Prefix.Around(Address.From(network), bits);
        return true;
    }

    private IEnumerable<Decision> Standing(IndicatorValue value) =>
        TryScope(value, out Prefix scope) ? board.ClaimsOf(scope).Claims.Where(claim => claim.Scope == scope && claim.Origin == Origin.Mesh) : [];

    // Where a family has no tarpit the board drops what is to be diverted; on others' word alone that is too much.
    private Verdict VerdictOf(MeshAction action, Prefix scope) => action switch
    {
        MeshAction.Block => Verdict.Drop,
        MeshAction.Tarpit when (scope.IsV4 ? board.State.Options.CanRedirect4 : board.State.Options.CanRedirect6) => Verdict.RedirectToTarpit,
        _ => Verdict.RateLimit,
    };

    private static string Comment(WeighedVote vote, BallotResult cause)
    {
        string others = cause.Votes.Count(other => !other.Vote.IsAgainst && other.Counted > 0) is > 1 and var count ? string.Create(CultureInfo.InvariantCulture, $"; with {count - 1} others the weight is {cause.Weight:0.00}") : "";
        string against = cause.Against > 0 ? string.Create(CultureInfo.InvariantCulture, $"; weight {cause.Against:0.00} speaks against it") : "";
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"reported {vote.Vote.Reason} ({NameOf(vote.Vote.Evidence)}) with weight {vote.Counted:0.00}{others}, from {(cause.Members > 0 ? $"members: {cause.Members}, " : "")}operators of strangers: {cause.Networks}, veterans: {cause.Veterans}{against}{(cause.IsSeenHere ? "; seen here too" : "")}; indicator {vote.Vote.IndicatorId}");
        return text.Length <= MaxComment ? text : text[..MaxComment];
    }

    private static string NameOf(EvidenceLevel level) => Api.Contracts.Words.Kebab($"{level}");
}
