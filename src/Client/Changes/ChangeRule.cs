namespace Blackwall.Client.Changes;

/// <summary>A rule of a change; met: packets that met it while it was only counted.</summary>
public sealed record ChangeRule(string Scope, string Verdict, long? TtlSeconds, string? Comment, long? Met, string? OverruledBy);
