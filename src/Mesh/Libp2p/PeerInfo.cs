namespace Blackwall.Mesh.Libp2p;

/// <summary>What a peer told of itself through identify. All but its id is unproven.</summary>
/// <param name="Protocols">What it answers.</param>
/// <param name="ListenAddresses">Where it says it listens.</param>
/// <param name="ObservedAddress">How it sees us.</param>
public sealed record PeerInfo(
    PeerId Id,
    IReadOnlyList<string> Protocols,
    IReadOnlyList<Multiaddr> ListenAddresses,
    string AgentVersion,
    string ProtocolVersion,
    Multiaddr? ObservedAddress);
