namespace Blackwall.Client.Sinks;

/// <summary>What became of a test event.</summary>
public sealed record SinkTest(bool Delivered, string? Error, string EventId);
