namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>How a message's id is made of it. All peers of a topic must use the same: with different ones gossip asks for ids that nobody knows.</summary>
public enum MessageIdFunction
{
    /// <summary>Author and sequence number, the spec's and go-libp2p's own.</summary>
    Spec,

    /// <summary>The first 20 bytes of SHA-256 over topic, one zero byte, payload: the same content is one message, whoever sends it.</summary>
    Sha256,
}
