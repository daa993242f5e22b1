namespace Blackwall.Tui.Api;

/// <summary>A decision that the operator wants; null seconds: until it is lifted.</summary>
internal sealed record DecisionDraft(string Scope, string Verdict, long? TtlSeconds, string? Reason, string? Comment);
