using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Which decisions to list, newest first.</summary>
/// <param name="Scope">Exactly this scope.</param>
/// <param name="Containing">Every scope that contains this one.</param>
/// <param name="Origin">Of this origin.</param>
/// <param name="Verdict">With this verdict.</param>
/// <param name="Before">Ids below this; <see cref="long.MaxValue"/>: from the newest.</param>
/// <param name="Limit">Most items, 1..1000.</param>
public sealed record DecisionQuery(Prefix? Scope, Prefix? Containing, Origin? Origin, Verdict? Verdict, long Before, int Limit)
{
    /// <summary>Every scope inside this one, itself too.</summary>
    public Prefix? Within { get; init; }

    /// <summary>With this reason.</summary>
    public string? Reason { get; init; }

    /// <summary>Of this owner, among those of its origin.</summary>
    public string? Owner { get; init; }

    /// <summary>Come into force at or after this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether a decision is one of these, its id aside.</summary>
    public bool Fits(Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return (Scope is null || decision.Scope == Scope)
            && (Containing is null || decision.Scope.Contains(Containing.Value))
            && (Within is null || Within.Value.Contains(decision.Scope))
            && (Origin is null || decision.Origin == Origin)
            && (Verdict is null || decision.Verdict == Verdict)
            && (Reason is null || string.Equals(decision.Reason, Reason, StringComparison.Ordinal))
            && (Owner is null || string.Equals(decision.Owner, Owner, StringComparison.Ordinal))
            && (Since is null || decision.Start >= Since);
    }
}
