
namespace Blackwall.Changes;

/// <summary>A source that met a rule of a change in shadow.</summary>
/// <param name="Address">The source.</param>
/// <param name="Scope">Scope of the rule.</param>
/// <param name="Verdict">What the rule would have done.</param>
public sealed record ChangeSourceBody(string Address, string Scope, string Verdict);
