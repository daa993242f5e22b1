namespace Blackwall.Client.Feeds;

/// <summary>What of the traffic of the last days a list would have stopped.</summary>
public sealed record FeedImpact(int Sources, int Users, IReadOnlyDictionary<string, int> Agreeing, IReadOnlyList<ImpactSample> Samples);
