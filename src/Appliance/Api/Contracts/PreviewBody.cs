using Blackwall.Pipeline;

namespace Blackwall.Api.Contracts;

/// <summary>What a change would do; nothing was changed.</summary>
/// <param name="Before">What was there; null: nothing.</param>
/// <param name="After">What is there then, with id 0 while it is only asked for; null: nothing.</param>
/// <param name="Winner">The decision that decides about the scope then; null: none, packets pass.</param>
public sealed record PreviewBody(DecisionBody? Before, DecisionBody? After, DecisionBody? Winner)
{
    internal static PreviewBody Of(ChangePreview preview) => new(Body(preview.Before), Body(preview.After), Body(preview.Winner));

    private static DecisionBody? Body(Decision? decision) => decision is null ? null : DecisionBody.Of(decision, [], enforced: false);
}
