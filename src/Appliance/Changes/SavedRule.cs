using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Changes;

/// <summary>A rule inside a stored change.</summary>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Verdict">Its number.</param>
/// <param name="TtlMilliseconds">Of a rule to make; null: without end.</param>
/// <param name="Expiry">Of a rule to go back to, milliseconds of the board's clock; null: without end.</param>
/// <param name="Reason">Machine word.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Actor">Who made it.</param>
internal sealed record SavedRule(string Scope, int Verdict, long? TtlMilliseconds, long? Expiry, string Reason, string? Comment, string Actor)
{
    public static SavedRule From(DecisionRequest rule) =>
        new(rule.Scope.ToString(), (int)rule.Verdict, (long?)rule.Ttl?.TotalMilliseconds, null, rule.Reason, rule.Comment, rule.Actor);

    public static SavedRule From(Decision rule) =>
        new(rule.Scope.ToString(), (int)rule.Verdict, null, rule.Ends == long.MaxValue ? null : rule.Ends, rule.Reason, rule.Comment, rule.Actor);

    public DecisionRequest ToRequest() => new(
        Prefix.Parse(Scope),
        (Verdict)Verdict,
        Origin.Operator,
        Reason,
        1,
        TtlMilliseconds is { } ttl ? TimeSpan.FromMilliseconds(ttl) : null,
        [],
        Comment,
        Actor);

    public Decision ToDecision() => new(
        0,
        Prefix.Parse(Scope),
        (Verdict)Verdict,
        Origin.Operator,
        Reason,
        1,
        default,
        Expiry is { } expiry ? DateTimeOffset.FromUnixTimeMilliseconds(expiry) : null,
        [],
        Comment,
        Actor)
    {
        Ends = Expiry ?? long.MaxValue,
    };
}
