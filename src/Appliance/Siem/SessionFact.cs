namespace Blackwall.Siem;

/// <summary>What is used of an event that tells of a session in the tarpit.</summary>
internal sealed record SessionFact(
    string? Id, string? Protocol, string? Source, int? SourcePort, string? Destination, int? DestinationPort, string? Client, string? Hassh, string? User, int Logins, int Commands, DateTimeOffset? Ended);
