using Blackwall.Events;

namespace Blackwall.Feeds;

/// <summary>What feeds tell.</summary>
internal static class FeedEvents
{
    /// <summary>A feed was refreshed to another list, could not be for the first time, or waits for the operator.</summary>
    public static readonly EventType Run = EventType.For("feed", FeedJson.Default.FeedEventBody);

    /// <summary>A source was seen that a feed lists which only tells; once an hour a source.</summary>
    public static readonly EventType Match = EventType.For("feed-match", FeedJson.Default.FeedMatchBody);
}
