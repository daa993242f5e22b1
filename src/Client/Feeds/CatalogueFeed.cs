namespace Blackwall.Client.Feeds;

/// <summary>A feed that is known by name.</summary>
public sealed record CatalogueFeed(string Name, string About, string Url, bool IsUsed);
