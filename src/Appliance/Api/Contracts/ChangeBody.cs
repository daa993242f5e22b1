using Blackwall.Pipeline;

namespace Blackwall.Api.Contracts;

/// <summary>What a change did, or with dryRun would do.</summary>
/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Before">What was there; null: nothing.</param>
/// <param name="After">What is there then, with id 0 while it is only asked for; null: nothing.</param>
/// <param name="Winner">The decision that decides about the scope then; null: none, packets pass.</param>
public sealed record ChangeBody(bool DryRun, DecisionBody? Before, DecisionBody? After, DecisionBody? Winner)
{
    internal static ChangeBody Of(ChangePreview preview) => new(true, Body(preview.Before), Body(preview.After), Body(preview.Winner));

    private static DecisionBody? Body(Decision? decision) => decision is null ? null : DecisionBody.Of(decision, [], enforced: false);
}
