namespace Blackwall.Feeds;

/// <summary>A feed that is known by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="About">What it has.</param>
/// <param name="Url">Where it comes from.</param>
/// <param name="IsUsed">Whether there is a feed of this name.</param>
internal sealed record CatalogueBody(string Name, string About, string Url, bool IsUsed);
