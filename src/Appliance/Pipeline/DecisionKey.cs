namespace Blackwall.Pipeline;

/// <summary>What makes two decisions the same one: what they speak about and who decided.</summary>
public readonly record struct DecisionKey(Prefix Scope, Origin Origin);
