namespace Blackwall.Client.Sources;

/// <summary>What the kernel holds for one scope.</summary>
public sealed record KernelEntry(string Scope, string Verdict, long DecisionId, DateTimeOffset? Expiry, long Hits, DateTimeOffset? LastHit);
