namespace Blackwall.Client.Decisions;

/// <summary>A rule that an operator wants; null seconds: until it is lifted. Force: also a wide allow.</summary>
public sealed record RuleDraft(string Scope, string Verdict, long? TtlSeconds = null, string? Reason = null, string? Comment = null, bool? Force = null);
