using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Several edits of the operator's rules that belong together.</summary>
/// <param name="Put">Rules to make or to replace; all of <see cref="Origin.Operator"/>.</param>
/// <param name="Remove">Scopes whose rules go.</param>
public sealed record RuleChange(IReadOnlyList<DecisionRequest> Put, IReadOnlyList<Prefix> Remove)
{
    public bool IsEmpty => Put.Count == 0 && Remove.Count == 0;

    /// <summary>Every scope that it names.</summary>
    public IEnumerable<Prefix> Scopes => Put.Select(request => request.Scope).Concat(Remove);
}
