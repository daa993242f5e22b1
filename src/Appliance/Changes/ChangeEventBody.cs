using Blackwall.Api.Contracts;

namespace Blackwall.Changes;

/// <summary>A change of the policy took a step.</summary>
/// <param name="Id">The change.</param>
/// <param name="State">shadow, trial, confirmed, reverted or discarded.</param>
/// <param name="Mode">Mode that it brings; null: as it is.</param>
/// <param name="RuleCount">Rules that it makes.</param>
/// <param name="RemoveCount">Rules that it removes.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Actor">Who proposed it.</param>
/// <param name="Deadline">When the kernel takes it back unless it is confirmed.</param>
/// <param name="Outcome">Why it ended.</param>
public sealed record ChangeEventBody(long Id, string State, string? Mode, int RuleCount, int RemoveCount, string? Comment, string Actor, DateTimeOffset? Deadline, string? Outcome)
{
    internal static ChangeEventBody From(PolicyChange change) => new(
        change.Id,
        Words.Kebab($"{change.State}"),
        change.Mode is { } mode ? Words.Kebab($"{mode}") : null,
        change.Rules.Put.Count,
        change.Rules.Remove.Count,
        change.Comment,
        change.Actor,
        change.Deadline,
        change.Outcome);
}
