namespace Blackwall.Client.Changes;

/// <summary>A change of the policy: shadow, trial, confirmed, or how it ended.</summary>
public sealed record Change(long? Id, string State, string? Mode, int RuleCount, int RemoveCount, IReadOnlyList<ChangeRule> Rules, IReadOnlyList<string> Remove, long? WouldDrop, IReadOnlyList<ChangeSource> Sources, string? Comment, string Actor, DateTimeOffset Created, DateTimeOffset? Deadline, DateTimeOffset? Ended, string? Outcome, string? Note);
