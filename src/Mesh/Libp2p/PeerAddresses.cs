namespace Blackwall.Mesh.Libp2p;

/// <summary>A peer and where it may be reached; unproven until somebody dials it.</summary>
public sealed record PeerAddresses(PeerId Id, IReadOnlyList<Multiaddr> Addresses);
