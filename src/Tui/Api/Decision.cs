namespace Blackwall.Tui.Api;

/// <summary>A verdict over a scope; null expiry: until somebody lifts it.</summary>
internal sealed record Decision(
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
    bool Enforced)
{
    /// <summary>Whose claim it is, among those of its origin; empty: a version that does not say.</summary>
    public string Owner { get; init; } = "";
}
