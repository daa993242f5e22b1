
namespace Blackwall.Decisions;

/// <summary>What would happen to packets of each address, in the order of the question.</summary>
public sealed record CheckList(IReadOnlyList<CheckBody> Items);
