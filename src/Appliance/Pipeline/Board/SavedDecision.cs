using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>A claim on its way to the store.</summary>
internal readonly record struct SavedDecision(
    ClaimKey Key,
    long Id,
    Verdict Verdict,
    long Start,
    long Expiry,
    ushort Confidence,
    string Reason,
    string Actor,
    string? Comment,
    IReadOnlyList<long> EvidenceIds);
