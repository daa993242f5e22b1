using Blackwall.Client.Decisions;

namespace Blackwall.Client.Sources;

/// <summary>What is known of one address.</summary>
public sealed record Source(
    string Address,
    string Verdict,
    string Why,
    Guard? Guard,
    Decision? Decision,
    IReadOnlyList<Decision> Decisions,
    IReadOnlyList<KernelEntry> Kernel,
    IReadOnlyList<Evidence> Evidence,
    Standing? Standing = null,
    FalsePositive? FalsePositive = null,
    IReadOnlyList<SeenFingerprint>? Fingerprints = null,
    IReadOnlyList<Claim>? Claims = null,
    IReadOnlyList<Mention>? Feeds = null,
    Place? Place = null,
    IReadOnlyList<SourceOpinion>? Opinions = null);
