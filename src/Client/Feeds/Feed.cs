namespace Blackwall.Client.Feeds;

/// <summary>A list of addresses that others publish, and how it does.</summary>
public sealed record Feed(
    string Name, string Url, string Format, string Field, string Kind, string Action, int Score, int IntervalSeconds, bool Enabled, IReadOnlyList<string> Reserved, bool HasToken, string Header, string? CaCertificate,
    string State, int Entries, int Claims, long? AgeSeconds, DateTimeOffset? LastSuccess, DateTimeOffset? LastAttempt, int Failures, string? LastError, string? Held, FeedRun? LastRun, string? HeldDigest = null);
