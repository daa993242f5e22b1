namespace Blackwall.Client.Feeds;

/// <summary>All feeds, and those that can be made by their name.</summary>
public sealed record FeedList(IReadOnlyList<Feed> Items, IReadOnlyList<CatalogueFeed> Catalogue);
