namespace Blackwall.Client.Sinks;

/// <summary>What a sink shall be. What is left out of a change is as for a new one, but the token stays.</summary>
public sealed record SinkDraft(
    string? Name, string Kind, string Url, string? Format = null, bool? Enabled = null, string? Token = null, string? Index = null, string? SourceType = null,
    bool? Acknowledge = null, int? MinSeverity = null, IReadOnlyList<string>? Kinds = null, string? CaCertificate = null);
