using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p;

/// <summary>A connection to a peer whose key was proven.</summary>
public interface IMeshConnection
{
    /// <summary>Grows with each connection of this host.</summary>
    long Number { get; }

    PeerId Remote { get; }

    PublicKey RemoteKey { get; }

    /// <summary>The other end, without the peer.</summary>
    Multiaddr RemoteAddress { get; }

    /// <summary>True: we dialled.</summary>
    bool Outbound { get; }

    /// <summary>When it was made, by the host's clock.</summary>
    DateTimeOffset Since { get; }

    /// <summary>Ends it: new streams are refused, what is open is cut. Never throws.</summary>
    ValueTask CloseAsync();
}
