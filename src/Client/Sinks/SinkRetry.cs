namespace Blackwall.Client.Sinks;

/// <summary>What became of refused events that were sent again.</summary>
public sealed record SinkRetry(long Sent, long Refused, string? Error);
