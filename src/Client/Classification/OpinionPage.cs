namespace Blackwall.Client.Classification;

/// <summary>The newest opinion about each source.</summary>
public sealed record OpinionPage(IReadOnlyList<Opinion> Items);
