namespace Blackwall.Client.Changes;

/// <summary>A change of the policy took a step; null deadline: it is not on trial.</summary>
public sealed record ChangeEvent(long Id, string State, string? Mode, int RuleCount, int RemoveCount, string? Comment, string Actor, DateTimeOffset? Deadline, string? Outcome);
