namespace Blackwall.Mesh.Libp2p.Kad.Wire;

/// <summary>A request or an answer, checked.</summary>
/// <param name="Key">A peer's multihash, a record's key or a provider's; empty for PING.</param>
internal sealed record KadPacket(
    KadRequestKind Kind,
    byte[] Key,
    KadRecord? Record,
    IReadOnlyList<PeerAddresses> Closer,
    IReadOnlyList<PeerAddresses> Providers);
