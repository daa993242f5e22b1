namespace Blackwall.Mesh.Libp2p;

/// <summary>Kinds of refusals and losses.</summary>
public enum MeshLoss
{
    /// <summary>A connection over the limit of its address, its network or in total.</summary>
    ConnectionRefused,

    /// <summary>A connection that came too soon after others of its address or network.</summary>
    ConnectionTooSoon,

    /// <summary>A connection that was not through its handshake when a newer one needed the place.</summary>
    HandshakeDisplaced,

    /// <summary>A handshake that failed: malformed, not authentic, too late.</summary>
    HandshakeFailed,

    /// <summary>A connection beyond what one peer may have.</summary>
    PeerOverLimit,

    /// <summary>A connection that broke the muxer's rules.</summary>
    ProtocolBreach,

    /// <summary>A connection whose other side took no data or gave no sign of life.</summary>
    ConnectionStalled,

    /// <summary>A stream over a limit, or none of whose protocols is known.</summary>
    StreamRefused,

    /// <summary>A stream that was reset because nobody read what it held.</summary>
    StreamOverflow,

    /// <summary>A stream whose handler failed.</summary>
    StreamFailed,

    /// <summary>A ping that was not answered because too many answers waited.</summary>
    PingDropped,

    /// <summary>An identify message that was malformed, too long or of another peer.</summary>
    IdentifyRefused,

    /// <summary>A peer that was put out of the full peer store.</summary>
    PeerForgotten,
}
