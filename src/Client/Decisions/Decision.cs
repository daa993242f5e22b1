using Blackwall.Client.Sources;

namespace Blackwall.Client.Decisions;

/// <summary>A verdict over a scope; null expiry: until somebody lifts it; ended only in the history; owner: whose claim it is, among those of its
/// origin, empty from a version that does not say.</summary>
public sealed record Decision(
    long Id,
    string Scope,
    string Verdict,
    string Origin,
    string Reason,
    double Confidence,
    DateTimeOffset Start,
    DateTimeOffset? Expiry,
    IReadOnlyList<Evidence> Evidence,
    string? Comment,
    string Actor,
    bool Enforced,
    DecisionEnd? Ended = null,
    bool? Stored = null,
    string Owner = "",
    IReadOnlyList<Claim>? Claims = null,
    string? OverruledBy = null,
    Place? Place = null);
