using Blackwall.Api.Contracts;

namespace Blackwall.Decisions;

/// <summary>What would happen to packets of one address.</summary>
/// <param name="Address">As asked.</param>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="Decision">The decision that wins; null: nothing is decided, packets pass.</param>
public sealed record CheckBody(string Address, [property: Word(WordLists.Verdict)] string Verdict, DecisionBody? Decision)
{
    /// <summary>Everything that is claimed of the address, strongest first.</summary>
    public IReadOnlyList<ClaimBody> Claims { get; init; } = [];
}
