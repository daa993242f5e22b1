namespace Blackwall.Client.Decisions;

/// <summary>What one owner says about a scope; null expiry: until its owner takes it back. Wins: it decides.</summary>
public sealed record Claim(
    long Id,
    string Scope,
    string Verdict,
    string Origin,
    string Owner,
    string Reason,
    double Confidence,
    DateTimeOffset Start,
    DateTimeOffset? Expiry,
    IReadOnlyList<long> EvidenceIds,
    string? Comment,
    string Actor,
    bool Wins);
