namespace Blackwall.Tui.Api;

/// <summary>The decision that wins; null: nothing is decided, packets pass.</summary>
internal sealed record CheckedScope(string Address, string Verdict, Decision? Decision);
