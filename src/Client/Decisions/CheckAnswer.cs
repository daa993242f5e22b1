namespace Blackwall.Client.Decisions;

/// <summary>What wins for each, in the order of the question.</summary>
public sealed record CheckAnswer(IReadOnlyList<CheckedScope> Items);
