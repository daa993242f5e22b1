namespace Blackwall.Client.Sinks;

/// <summary>A place that events are forwarded to, and how it does.</summary>
public sealed record Sink(
    string Name, string Kind, string Url, string Format, bool Enabled, bool HasToken, string? Index, string? SourceType, bool Acknowledge, int MinSeverity, IReadOnlyList<string> Kinds, string? CaCertificate,
    string State, long Sent, long Refused, long Missed, long Behind, long Failures, string? LastError, DateTimeOffset? LastSent);
