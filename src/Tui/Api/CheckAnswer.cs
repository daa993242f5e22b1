namespace Blackwall.Tui.Api;

/// <summary>What wins for each, in the order of the question.</summary>
internal sealed record CheckAnswer(IReadOnlyList<CheckedScope> Items);
