
namespace Blackwall.Inspection;

/// <summary>The rules in force, in the order of their file.</summary>
/// <param name="File">Where they are from; null: they came with the appliance.</param>
/// <param name="Items">At most 2,000.</param>
public sealed record DpiRuleList(string? File, IReadOnlyList<DpiRuleBody> Items);
