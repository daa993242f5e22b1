namespace Blackwall.Feeds;

/// <summary>A feed that is known by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="About">What it has, in a line.</param>
/// <param name="Settings">How it is used unless an operator says otherwise.</param>
internal sealed record CatalogueFeed(string Name, string About, FeedSettings Settings);
