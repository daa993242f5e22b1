namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>A message that is being verified. Copies with the very same bytes that come meanwhile wait for what comes of it.</summary>
public sealed class PendingMessage
{
    internal PendingMessage(GossipPeer via, GossipMessage message)
    {
        Via = via;
        Message = message;
    }

    /// <summary>Who sent it first.</summary>
    public GossipPeer Via { get; }

    public GossipMessage Message { get; }

    /// <summary>Who sent it too.</summary>
    internal List<GossipPeer>? Others { get; set; }

    /// <summary>Another message with the same id and other bytes: one of them is forged.</summary>
    internal PendingMessage? Next { get; set; }
}
