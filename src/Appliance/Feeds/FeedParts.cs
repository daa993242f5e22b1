using Blackwall.Events;
using Blackwall.Feeds.Fetching;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>What all feeds share.</summary>
internal sealed record FeedParts(FeedFetcher Fetcher, FeedCopy Copy, FeedStore Store, FeedClaims Claims, TrafficTrial Trial, FeedDoubts Doubts, EventLog Log, TimeProvider Time)
{
    /// <summary>Names of the feeds but one that hold an address.</summary>
    public required Func<string, Address, IReadOnlyList<string>> Others { get; init; }

    /// <summary>An allow list is another one now.</summary>
    public required Action<string, ScopeRanges?> Allow { get; init; }
}
