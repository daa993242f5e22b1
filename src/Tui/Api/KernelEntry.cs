namespace Blackwall.Tui.Api;

/// <summary>What the kernel holds for one scope.</summary>
internal sealed record KernelEntry(string Scope, string Verdict, long DecisionId, DateTimeOffset? Expiry, long Hits, DateTimeOffset? LastHit);
