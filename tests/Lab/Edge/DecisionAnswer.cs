using Blackwall.Client;

namespace Blackwall.Lab.Edge;

/// <summary>What the API said to a wish: the decision, or why not.</summary>
public sealed record DecisionAnswer(DecisionView? Decision, Failure? Failure)
{
    /// <summary>Status of a refusal; null: it was none.</summary>
    public int? Status => Failure?.Status;

    public string? Refusal => Failure?.Sentence;
}
