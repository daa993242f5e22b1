using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds.Wire;

/// <summary>One entry of a feed.</summary>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Note">What the feed says about it, at most <see cref="FeedReading.MaxNote"/> printable characters; null: nothing.</param>
internal readonly record struct FeedEntry(Prefix Scope, string? Note);
