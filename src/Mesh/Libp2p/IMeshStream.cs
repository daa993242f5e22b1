namespace Blackwall.Mesh.Libp2p;

/// <summary>A stream on which a protocol was agreed. Disposing closes it cleanly when both ways have ended, and resets it otherwise.</summary>
public interface IMeshStream : IByteStream
{
    /// <summary>What was agreed, such as "/ipfs/ping/1.0.0".</summary>
    string Protocol { get; }

    /// <summary>The peer at the other end, as proven in the handshake.</summary>
    PeerId Remote { get; }

    /// <summary>Where the connection's other end is, without the peer.</summary>
    Multiaddr RemoteAddress { get; }

    /// <summary>True: we opened it.</summary>
    bool Outbound { get; }
}
