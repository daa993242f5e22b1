namespace Blackwall.Tui.Api;

/// <summary>What an API that knows dryRun says would happen.</summary>
/// <param name="Refusal">Why it would be refused; null: it would be accepted.</param>
/// <param name="Wins">The decision that would win for the scope.</param>
internal sealed record DryRun(string? Refusal = null, Decision? Wins = null);
