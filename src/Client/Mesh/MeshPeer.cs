namespace Blackwall.Client.Mesh;

/// <summary>A peer of the mesh.</summary>
public sealed record MeshPeer(string Id, string? Address, bool Connected, bool Member, bool Veteran, double Reputation, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, int Confirmed, int Refuted, string? Offence, bool Banned, double? GossipScore);
