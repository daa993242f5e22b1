namespace Blackwall.Client.Sessions;

/// <summary>A session of the tarpit.</summary>
public sealed record Session(
    string Id,
    string Protocol,
    string Source,
    int SourcePort,
    string Destination,
    int DestinationPort,
    DateTimeOffset Started,
    int Logins,
    int Commands,
    IReadOnlyList<string> Files,
    DateTimeOffset? Ended = null,
    string? Client = null,
    string? User = null);
