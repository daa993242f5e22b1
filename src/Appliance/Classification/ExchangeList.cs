namespace Blackwall.Classification;

/// <summary>A page of exchanges with models.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">Where the next page begins; null: that was all.</param>
public sealed record ExchangeList(IReadOnlyList<ExchangeBody> Items, string? NextCursor);
