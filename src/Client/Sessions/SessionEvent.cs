namespace Blackwall.Client.Sessions;

/// <summary>One thing that happened in a session; what a kind does not have is null.</summary>
public sealed record SessionEvent(
    DateTimeOffset Time,
    string Kind,
    string? User = null,
    string? Secret = null,
    bool? Success = null,
    string? Text = null,
    string? Name = null,
    string? Sha256 = null,
    string? Host = null,
    int? Port = null);
