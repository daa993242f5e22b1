namespace Blackwall.Client.Feeds;

/// <summary>A source that a list would have stopped.</summary>
public sealed record ImpactSample(string Address, string Entry, bool IsUser, int Uses, string Phase, DateTimeOffset LastSeen, IReadOnlyList<string> OtherFeeds);
