using Blackwall.Api.Contracts;

namespace Blackwall.Sources;

/// <summary>What is known of one address.</summary>
/// <param name="Address">The address.</param>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="Why">The same in one sentence or two, for a person.</param>
/// <param name="Guard">Why nothing can block it; null: it is not guarded.</param>
/// <param name="Decision">The decision that wins; null: nothing is decided.</param>
/// <param name="Decisions">Every decision in force whose scope contains the address, newest first.</param>
/// <param name="Kernel">What the kernel holds for their scopes, narrowest first; packets meet the first.</param>
/// <param name="Evidence">What was seen of the address and how its phase changed, newest first, at most 50 pieces.</param>
/// <param name="Standing">What detection thinks of it now; null: it is not known, or detection does not run.</param>
/// <param name="FalsePositive">What the operator said about earlier evidence; null: nothing.</param>
/// <param name="Fingerprints">What its clients showed of themselves, newest first; empty: nothing is remembered.</param>
public sealed record SourceBody(
    string Address,
    [property: Word(WordLists.Verdict)] string Verdict,
    string Why,
    GuardBody? Guard,
    DecisionBody? Decision,
    IReadOnlyList<DecisionBody> Decisions,
    IReadOnlyList<KernelEntryBody> Kernel,
    IReadOnlyList<EvidenceBody> Evidence,
    StandingBody? Standing,
    FalsePositiveBody? FalsePositive,
    IReadOnlyList<SeenFingerprintBody> Fingerprints)
{
    /// <summary>Everything that is claimed of the address, strongest first; the first one is the decision that wins.</summary>
    public IReadOnlyList<ClaimBody> Claims { get; init; } = [];

    /// <summary>Where it is used; null: there is no database, or it does not know.</summary>
    public PlaceBody? Place { get; init; }

    /// <summary>What threat feeds say of the address, also those that only tell.</summary>
    public IReadOnlyList<MentionBody> Feeds { get; init; } = [];

    /// <summary>What models think of it, newest first; empty: none was asked, or that is forgotten.</summary>
    public IReadOnlyList<SourceOpinionBody> Opinions { get; init; } = [];
}
