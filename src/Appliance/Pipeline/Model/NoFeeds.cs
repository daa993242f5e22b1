using Blackwall.Pipeline.Ports;

namespace Blackwall.Pipeline.Model;

/// <summary>Where there are no feeds.</summary>
public sealed class NoFeeds : IThreatFeeds
{
    public static NoFeeds Instance { get; } = new();

    public IReadOnlyList<FeedMention> Mentions(Address address) => [];

    public FeedMention? FindController(Address address) => null;
}
