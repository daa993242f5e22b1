namespace Blackwall.Feeds;

/// <summary>A source was seen that a feed lists which does nothing but tell.</summary>
/// <param name="Source">Its address.</param>
/// <param name="Feeds">Names of all feeds that list it.</param>
/// <param name="Entry">The entry of the first of them.</param>
/// <param name="Note">What that one says about it; null: nothing.</param>
/// <param name="Phase">What detection thinks of the source.</param>
/// <param name="Packets">Packets that were told of, about.</param>
/// <param name="LastSeen">When it was last seen.</param>
internal sealed record FeedMatchBody(string Source, IReadOnlyList<string> Feeds, string Entry, string? Note, string Phase, long Packets, DateTimeOffset LastSeen);
