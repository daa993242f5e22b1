namespace Blackwall.Lab.Edge;

/// <summary>One page of the decisions list.</summary>
public sealed record DecisionPage(IReadOnlyList<DecisionView> Items, string? NextCursor);
