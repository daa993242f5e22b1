using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sharing;

/// <summary>What is known of a peer at this moment.</summary>
/// <param name="Id">Who.</param>
/// <param name="Address">Where a connection with it was made; null: never.</param>
/// <param name="IsConnected">It is connected now.</param>
/// <param name="IsMember">It is a sensor of the same operator.</param>
/// <param name="IsVeteran">Others rest on its reports.</param>
/// <param name="Reputation">0..1.</param>
/// <param name="FirstSeen">When it was first heard of; null: it reported nothing yet.</param>
/// <param name="LastSeen">When it last reported.</param>
/// <param name="Confirmed">Its reports that were confirmed.</param>
/// <param name="Refuted">Its reports that were refuted.</param>
/// <param name="Offence">Its proven offence, while that silences it; null: none.</param>
/// <param name="IsBanned">The operator does not want to hear it.</param>
/// <param name="GossipScore">What the gossip layer thinks of it; null: it is not connected there.</param>
public sealed record PeerView(
    PeerId Id, string? Address, bool IsConnected, bool IsMember, bool IsVeteran, double Reputation, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, int Confirmed, int Refuted, string? Offence, bool IsBanned, double? GossipScore);
