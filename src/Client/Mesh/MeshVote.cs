namespace Blackwall.Client.Mesh;

/// <summary>What one reporter says of an indicator.</summary>
public sealed record MeshVote(string Reporter, bool Against, string Evidence, string Reason, DateTimeOffset Seen, DateTimeOffset Received, DateTimeOffset Expires, string IndicatorId, double Weight, double Counted);
