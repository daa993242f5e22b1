namespace Blackwall.Lab.Edge;

/// <summary>Evidence as the API shows it.</summary>
/// <param name="Class">spoofable, handshake or application.</param>
public sealed record EvidenceView(long Id, string Kind, string Class, double Weight, DateTimeOffset Seen, string? Detail);
