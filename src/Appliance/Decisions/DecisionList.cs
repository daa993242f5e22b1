using Blackwall.Api.Contracts;

namespace Blackwall.Decisions;

/// <summary>Decisions, newest first.</summary>
/// <param name="Items">May be fewer than the limit while there is more.</param>
/// <param name="NextCursor">Send it as cursor for the next page; null: that was all.</param>
public sealed record DecisionList(IReadOnlyList<DecisionBody> Items, string? NextCursor);
