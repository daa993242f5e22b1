namespace Blackwall.Client.Decisions;

/// <summary>What an API that knows dryRun says would happen; a refusal is a problem and no answer.</summary>
/// <param name="Before">What it would replace; null: nothing.</param>
/// <param name="Winner">The decision that would win for the scope; null: none, packets would pass.</param>
public sealed record DryRun(Decision? Before = null, Decision? Winner = null);
