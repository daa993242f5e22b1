namespace Blackwall.Client.Decisions;

/// <summary>A decision that the operator wants; null seconds: until it is lifted.</summary>
public sealed record DecisionDraft(string Scope, string Verdict, long? TtlSeconds, string? Reason, string? Comment);
