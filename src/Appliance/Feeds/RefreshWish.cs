namespace Blackwall.Feeds;

/// <summary>How a feed is refreshed.</summary>
/// <param name="IsDry">Nothing changes; it is told what would.</param>
/// <param name="Accepts">What waits for the operator comes into force, and so does whatever comes.</param>
internal readonly record struct RefreshWish(bool IsDry, bool Accepts);
