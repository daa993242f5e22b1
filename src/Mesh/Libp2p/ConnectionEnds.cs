using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p;

/// <summary>Who and where the ends of a connection are.</summary>
internal sealed record ConnectionEnds(PublicKey RemoteKey, Multiaddr Remote, Multiaddr Local, bool Outbound);
