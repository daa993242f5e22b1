namespace Blackwall.Client.Feeds;

/// <summary>What became of one attempt to refresh a feed.</summary>
public sealed record FeedRun(
    DateTimeOffset Time, string Outcome, string Sentence, int Entries, int Added, int Removed, int Invalid, int Skipped, int Refused, int Excepted, long Bytes, long Milliseconds,
    IReadOnlyList<string> InvalidSamples, IReadOnlyList<string> RefusedSamples, FeedImpact? Impact = null, string? Digest = null);
