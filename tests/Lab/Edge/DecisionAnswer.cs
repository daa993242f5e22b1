namespace Blackwall.Lab.Edge;

/// <summary>What the API said to a wish: the decision, or why not.</summary>
public sealed record DecisionAnswer(int Status, DecisionView? Decision, string? Refusal);
