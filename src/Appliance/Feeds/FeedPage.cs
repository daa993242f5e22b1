namespace Blackwall.Feeds;

/// <summary>All feeds, and those of the catalogue that are not used.</summary>
/// <param name="Items">By name.</param>
/// <param name="Catalogue">Feeds that can be made by their name alone.</param>
internal sealed record FeedPage(IReadOnlyList<FeedBody> Items, IReadOnlyList<CatalogueBody> Catalogue);
