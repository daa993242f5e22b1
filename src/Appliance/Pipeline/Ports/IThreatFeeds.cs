using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>What the feeds that are in use say, enforced or not. Thread-safe, and quick enough to be asked for each new flow.</summary>
public interface IThreatFeeds
{
    /// <summary>By name of the feed; empty: none knows the address.</summary>
    IReadOnlyList<FeedMention> Mentions(Address address);

    /// <summary>What a feed of C2 servers says of an address; null: none knows it. Allocates nothing for those that none knows.</summary>
    FeedMention? FindController(Address address);
}
