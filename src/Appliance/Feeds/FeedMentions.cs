using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Feeds;

/// <summary>
/// What the feeds in use say of an address. It depends on nothing: detection asks it, and what makes the feeds (store, board) depends on detection. Thread-safe.
/// </summary>
internal sealed class FeedMentions : IThreatFeeds
{
    private volatile FeedRunner[] _feeds = [];

    /// <summary>Makes these the feeds in use.</summary>
    /// <param name="feeds">By name.</param>
    public void Use(FeedRunner[] feeds) => _feeds = feeds;

    /// <summary>Feeds of attackers and C2 servers that do nothing but tell.</summary>
    public FeedRunner[] Telling => Array.FindAll(_feeds, one => one.Feed.Settings is { Enabled: true, Action: FeedAction.Tell, Kind: not FeedKind.Allow } && !one.List.Ranges.IsEmpty);

    public IReadOnlyList<FeedMention> Mentions(Address address)
    {
        List<FeedMention> mentions = [];
        foreach (FeedRunner one in _feeds)
        {
            if (one.List.Find(address) is { } entry)
            {
                mentions.Add(MentionOf(one.Feed, entry));
            }
        }

        return mentions;
    }

    public FeedMention? FindController(Address address)
    {
        foreach (FeedRunner one in _feeds)
        {
            if (one.Feed.Settings.Kind is FeedKind.C2 && one.List.Find(address) is { } entry)
            {
                return MentionOf(one.Feed, entry);
            }
        }

        return null;
    }

    private static FeedMention MentionOf(Feed feed, Wire.FeedEntry entry) =>
        new(feed.Name, entry.Scope, entry.Note, feed.Settings.Kind is FeedKind.C2, feed.Settings.Kind is FeedKind.Allow);
}
