namespace Blackwall.Lab.Edge;

/// <summary>Data of the events "decision" and "lifted".</summary>
/// <param name="Change">created, renewed, lifted or expired.</param>
public sealed record DecisionChangeView(string? Change, string? By, DecisionView? Decision);
