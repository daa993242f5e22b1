namespace Blackwall.Feeds;

/// <summary>What of your own traffic a feed would have stopped.</summary>
/// <param name="Feed">Its name.</param>
/// <param name="IsHeld">It is about the list that waits for you, not the one in force.</param>
/// <param name="Entries">Entries of that list.</param>
/// <param name="IsKnown">false: detection does not run, so nothing is remembered.</param>
/// <param name="HeldDigest">What the list that waits is known by; null: none does.</param>
/// <param name="Impact">Sources that it holds; null where nothing is known.</param>
internal sealed record ImpactBody(string Feed, bool IsHeld, int Entries, bool IsKnown, FeedImpact? Impact, string? HeldDigest);
