using Blackwall.Pipeline.Model;

namespace Blackwall.Intel.Taxii;

/// <summary>An indicator of addresses that a partner added.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Scopes">What it speaks of.</param>
/// <param name="Confidence">0..100; null: not said.</param>
/// <param name="ValidUntil">Null: not said.</param>
/// <param name="Revoked">It was taken back.</param>
internal sealed record PartnerIndicator(string Id, IReadOnlyList<Prefix> Scopes, int? Confidence, DateTimeOffset? ValidUntil, bool Revoked);
