namespace Blackwall.Pipeline;

/// <summary>Which decisions to list, newest first.</summary>
/// <param name="Scope">Exactly this scope.</param>
/// <param name="Containing">Every scope that contains this one.</param>
/// <param name="Origin">Of this origin.</param>
/// <param name="Verdict">With this verdict.</param>
/// <param name="Before">Ids below this; <see cref="long.MaxValue"/>: from the newest.</param>
/// <param name="Limit">Most items, 1..1000.</param>
public sealed record DecisionQuery(Prefix? Scope, Prefix? Containing, Origin? Origin, Verdict? Verdict, long Before, int Limit);
