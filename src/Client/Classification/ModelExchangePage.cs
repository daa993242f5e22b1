namespace Blackwall.Client.Classification;

/// <summary>A page of exchanges with models, newest first.</summary>
public sealed record ModelExchangePage(IReadOnlyList<ModelExchange> Items, string? NextCursor);
