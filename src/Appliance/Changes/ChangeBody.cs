using Blackwall.Api.Contracts;

namespace Blackwall.Changes;

/// <summary>A change of the policy with its course.</summary>
/// <param name="Id">Counts up; null in a dry run.</param>
/// <param name="State">shadow, trial, confirmed, reverted or discarded.</param>
/// <param name="Mode">Mode that it brings; null: as it is.</param>
/// <param name="RuleCount">Rules that it makes.</param>
/// <param name="RemoveCount">Rules that it removes.</param>
/// <param name="Rules">The first 1,000 rules that it makes, those that were met most first.</param>
/// <param name="Remove">The first 1,000 scopes whose rules go.</param>
/// <param name="WouldDrop">Packets that the rules with verdict drop met in shadow; null: not counted now.</param>
/// <param name="Sources">Sources that met a rule in shadow; the first few hundred.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Actor">Who proposed it.</param>
/// <param name="Created">When.</param>
/// <param name="Deadline">When the kernel takes it back unless it is confirmed.</param>
/// <param name="Ended">When it was confirmed, reverted or discarded.</param>
/// <param name="Outcome">Why it ended.</param>
/// <param name="Note">What else there is to know; null: nothing.</param>
public sealed record ChangeBody(
    long? Id,
    [property: Word(WordLists.State)] string State,
    [property: Word(WordLists.Mode)] string? Mode,
    int RuleCount,
    int RemoveCount,
    IReadOnlyList<ChangeRuleBody> Rules,
    IReadOnlyList<string> Remove,
    long? WouldDrop,
    IReadOnlyList<ChangeSourceBody> Sources,
    string? Comment,
    string Actor,
    DateTimeOffset Created,
    DateTimeOffset? Deadline,
    DateTimeOffset? Ended,
    string? Outcome,
    string? Note) : IStorable
{
    /// <summary>Whether the change is on the disk; false: the disk refuses, and it is tried until it does not.</summary>
    public bool Stored { get; set; } = true;
}
