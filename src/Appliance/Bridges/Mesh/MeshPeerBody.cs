using Blackwall.Mesh.Sharing;

namespace Blackwall.Bridges.Mesh;

/// <summary>A peer of the mesh.</summary>
/// <param name="Id">Who.</param>
/// <param name="Address">Where a connection with it was made; null: never.</param>
/// <param name="Connected">It is connected now.</param>
/// <param name="Member">It is one of mesh.members.</param>
/// <param name="Veteran">Others rest on its reports.</param>
/// <param name="Reputation">0..1: what it deserves at least.</param>
/// <param name="FirstSeen">When it was first heard of; null: it reported nothing yet.</param>
/// <param name="LastSeen">When it last reported.</param>
/// <param name="Confirmed">Its reports that were confirmed.</param>
/// <param name="Refuted">Its reports that were refuted.</param>
/// <param name="Offence">The proven offence that silences it; null: none.</param>
/// <param name="Banned">The operator does not want to hear it.</param>
/// <param name="GossipScore">What the gossip layer thinks of it; null: it is not connected there.</param>
public sealed record MeshPeerBody(
    string Id, string? Address, bool Connected, bool Member, bool Veteran, double Reputation, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, int Confirmed, int Refuted, string? Offence, bool Banned, double? GossipScore)
{
    internal static MeshPeerBody From(PeerView peer) => new(
        $"{peer.Id}", peer.Address, peer.IsConnected, peer.IsMember, peer.IsVeteran, Math.Round(peer.Reputation, 3), peer.FirstSeen, peer.LastSeen, peer.Confirmed, peer.Refuted, peer.Offence, peer.IsBanned, peer.GossipScore is { } score ? Math.Round(score, 2) : null);
}
