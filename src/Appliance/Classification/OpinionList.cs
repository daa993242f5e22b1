namespace Blackwall.Classification;

/// <summary>The newest opinion about each source.</summary>
/// <param name="Items">Newest first.</param>
public sealed record OpinionList(IReadOnlyList<OpinionBody> Items);
