namespace Blackwall.Client.Feeds;

/// <summary>What of your own traffic a feed would have stopped.</summary>
public sealed record FeedReport(string Feed, bool IsHeld, int Entries, bool IsKnown, FeedImpact? Impact, string? HeldDigest = null);
