namespace Blackwall.Feeds;

/// <summary>A source that a list would have stopped.</summary>
/// <param name="Address">The source.</param>
/// <param name="Entry">The entry that holds it.</param>
/// <param name="IsUser">It used services here in the ordinary way and is not suspected of anything.</param>
/// <param name="Uses">Ordinary uses lately.</param>
/// <param name="Phase">What detection thinks of it.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="OtherFeeds">Other feeds that hold it.</param>
internal sealed record ImpactSample(string Address, string Entry, bool IsUser, int Uses, string Phase, DateTimeOffset LastSeen, IReadOnlyList<string> OtherFeeds);
