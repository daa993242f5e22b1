using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p.Gossip.Signing;

/// <summary>Who signed a message, with the key that proves it.</summary>
internal sealed record Author(PeerId Id, PublicKey Key);
