namespace Blackwall.Feeds;

/// <summary>The last attempts to refresh a feed.</summary>
/// <param name="Items">Newest first, at most 100.</param>
internal sealed record FeedRunList(IReadOnlyList<FeedRun> Items);
