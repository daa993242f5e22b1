namespace Blackwall.Client.Feeds;

/// <summary>The last attempts to refresh a feed, newest first.</summary>
public sealed record FeedRunList(IReadOnlyList<FeedRun> Items);
