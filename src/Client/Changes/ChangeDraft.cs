namespace Blackwall.Client.Changes;

/// <summary>A change that an operator wants: rules, ids of rules to remove, a mode.</summary>
public sealed record ChangeDraft(IReadOnlyList<Decisions.RuleDraft>? Rules = null, IReadOnlyList<string>? Remove = null, string? Mode = null, string? Comment = null);
