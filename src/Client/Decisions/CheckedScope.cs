namespace Blackwall.Client.Decisions;

/// <summary>The decision that wins; null: nothing is decided, packets pass.</summary>
public sealed record CheckedScope(string Address, string Verdict, Decision? Decision);
