namespace Blackwall.Tui.Api;

/// <summary>A change of the policy took a step; null deadline: it is not on trial.</summary>
internal sealed record ChangeEvent(long Id, string State, string? Mode, int RuleCount, int RemoveCount, string? Comment, string Actor, DateTimeOffset? Deadline, string? Outcome);
