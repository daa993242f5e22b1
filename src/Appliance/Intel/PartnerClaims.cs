using Blackwall.Intel.Taxii;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.Options;

namespace Blackwall.Intel;

/// <summary>
/// Makes claims of the indicators that partners add: they stand in the name of the key that added them, with the rank of a feed, so the guard, the
/// operator and this appliance's own detection all come before them.
/// </summary>
internal sealed class PartnerClaims(VerdictBoard board, IOptions<IntelOptions> options, TimeProvider time)
{
    private const string Reason = "partner-indicator";
    private const double UsualConfidence = 0.5;

    /// <summary>Wider than these no partner's word goes: a /16 has as many people behind it as a town.</summary>
    private const int WidestV4 = 16;
    private const int WidestV6 = 32;

    /// <summary>Claims that one key may have.</summary>
    private const int MostClaims = 100_000;

    /// <summary>How long an indicator without an end counts.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromDays(7);

    /// <summary>Makes, renews or takes back the claims of an indicator. Null: done; else why some of it was not.</summary>
    /// <param name="indicator">As it is now.</param>
    /// <param name="before">The version that it replaces; null: it is new.</param>
    /// <param name="key">Name of the key that added it.</param>
    public string? Apply(PartnerIndicator indicator, PartnerIndicator? before, string key)
    {
        if (indicator.Revoked || indicator.ValidUntil <= time.GetUtcNow())
        {
            // Whoever revokes an indicator takes back what was claimed in that name alone: another partner's claim stands.
            Lift(indicator.Id, [.. indicator.Scopes, .. before?.Scopes ?? []], key, OwnerOf(key));
            return indicator.Revoked ? null : "Kept, and not acted on: its valid_until is past.";
        }

        Lift(indicator.Id, [.. before?.Scopes.Except(indicator.Scopes) ?? []], key, OwnerOf(key));
        if (options.Value.PartnerAction is PartnerAction.Keep)
        {
            return "Kept, and not acted on: intel.partner_action is keep.";
        }

        Verdict verdict = options.Value.PartnerAction is PartnerAction.Drop ? Verdict.Drop : Verdict.RateLimit;
        string? refused = null;
        int claims = board.ScopesOf(new ClaimOwner(Origin.Feed, OwnerOf(key))).Count;
        foreach (Prefix scope in indicator.Scopes)
        {
            if (scope.Length < (scope.Network.IsV4 ? WidestV4 : WidestV6))
            {
                refused ??= $"{scope} is wider than /{(scope.Network.IsV4 ? WidestV4 : WidestV6)}.";
                continue;
            }

            if (claims++ >= MostClaims)
            {
                refused ??= $"a key has at most {MostClaims} claims.";
                continue;
            }

            TimeSpan ttl = indicator.ValidUntil is { } until && until - time.GetUtcNow() < Usual ? until - time.GetUtcNow() : Usual;
            DecisionRequest request = new(scope, verdict, Origin.Feed, Reason, indicator.Confidence / 100.0 ?? UsualConfidence, ttl, [], indicator.Id, OwnerOf(key)) { Owner = OwnerOf(key) };
            refused ??= board.Publish(request).Refusal;
        }

        return refused is null ? null : $"Kept, and not acted on: {refused}";
    }

    /// <summary>Takes back what was claimed because of an indicator.</summary>
    /// <param name="indicator">As it was last.</param>
    /// <param name="key">Name of the key that deletes it.</param>
    /// <param name="isEverybodys">Also what others claimed because of it.</param>
    public void Delete(PartnerIndicator indicator, string key, bool isEverybodys) => Lift(indicator.Id, indicator.Scopes, key, isEverybodys ? null : OwnerOf(key));

    private void Lift(string indicator, IReadOnlyList<Prefix> scopes, string key, string? owner)
    {
        foreach (Prefix scope in scopes)
        {
            foreach (Decision claim in board.ClaimsOf(scope).Claims)
            {
                if (claim.Scope == scope && claim.Origin == Origin.Feed && string.Equals(claim.Comment, indicator, StringComparison.Ordinal)
                    && (owner is null || string.Equals(claim.Owner, owner, StringComparison.Ordinal)))
                {
                    board.Lift(claim.Id, OwnerOf(key), out _);
                }
            }
        }
    }

    private static string OwnerOf(string key) => $"taxii:{key}"[..Math.Min(64, key.Length + 6)];
}
