using Blackwall.Api.Contracts;
using Blackwall.Decisions;

namespace Blackwall.Changes;

/// <summary>A change of the policy: rules to make and to remove, and the mode, in one step.</summary>
/// <param name="Rules">Rules to make, or to replace where the scope has one; at most 200,000.</param>
/// <param name="Remove">Scopes whose rules go.</param>
/// <param name="Mode">observe or enforce; as it is without it.</param>
/// <param name="Comment">For a person, at most 1,024 characters.</param>
public sealed record ChangeInput(IReadOnlyList<DecisionInput>? Rules, IReadOnlyList<string>? Remove, [property: Word(WordLists.Mode)] string? Mode, string? Comment);
