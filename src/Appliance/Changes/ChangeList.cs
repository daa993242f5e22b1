
namespace Blackwall.Changes;

/// <param name="Items">Newest first; at most 200 are kept.</param>
public sealed record ChangeList(IReadOnlyList<ChangeBody> Items);
