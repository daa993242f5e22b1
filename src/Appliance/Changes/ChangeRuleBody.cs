using Blackwall.Api.Contracts;

namespace Blackwall.Changes;

/// <summary>A rule of a change.</summary>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="TtlSeconds">Null: until it is lifted.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Met">Packets that met it while it was shadow; null: not counted now.</param>
/// <param name="OverruledBy">The stronger decision that decides at its scope; null: the rule does.</param>
public sealed record ChangeRuleBody(string Scope, [property: Word(WordLists.Verdict)] string Verdict, long? TtlSeconds, string? Comment, long? Met, string? OverruledBy);
