using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Part of a list.</summary>
/// <param name="Items">May be fewer than the limit, even none, while there is more: a page looks at a bounded number of decisions.</param>
/// <param name="Next">Give it as <see cref="DecisionQuery.Before"/> to go on; null: that was all.</param>
public sealed record DecisionPage(IReadOnlyList<Decision> Items, long? Next);
