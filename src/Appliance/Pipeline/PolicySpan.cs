namespace Blackwall.Pipeline;

/// <summary>One stretch of time of a policy entry: who decides about its scope until an end.</summary>
/// <param name="DecisionId">The decision that holds.</param>
/// <param name="ExpiryUnixMilliseconds">Milliseconds since 1970; <see cref="long.MaxValue"/>: without end.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Rank"><see cref="Decision.Rank"/>.</param>
public readonly record struct PolicySpan(long DecisionId, long ExpiryUnixMilliseconds, Verdict Verdict, byte Rank);
