namespace Blackwall.Client.Changes;

/// <summary>A source that a change would have met.</summary>
public sealed record ChangeSource(string Address, string Scope, string Verdict);
