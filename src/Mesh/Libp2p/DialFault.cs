namespace Blackwall.Mesh.Libp2p;

/// <summary>Why a peer could not be connected, where that is known.</summary>
public enum DialFault
{
    /// <summary>It does not answer, or something else went wrong.</summary>
    Unreachable,

    /// <summary>Another peer answers than the one that is named.</summary>
    WrongPeer,

    /// <summary>It does not understand what is said to it: one side has a swarm key and the other none or another, or it is no libp2p peer.</summary>
    NotUnderstood,
}
