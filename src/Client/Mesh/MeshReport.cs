namespace Blackwall.Client.Mesh;

/// <summary>Something that this sensor says to others.</summary>
public sealed record MeshReport(string Value, string Kind, string Says, string Evidence, string Reason, DateTimeOffset Told, DateTimeOffset Expires, bool Published, int Peers, string IndicatorId, string? RefutedBy);
