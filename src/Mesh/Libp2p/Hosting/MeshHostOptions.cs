using Blackwall.Mesh.Libp2p.PrivateNetwork;
using Blackwall.Mesh.Libp2p.Yamux;

namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>The limits of a host. Every one of them bounds what others can make us spend.</summary>
public sealed record MeshHostOptions
{
    /// <summary>What identify tells of us.</summary>
    public string AgentVersion { get; init; } = "blackwall/0.1.0";

    /// <summary>Where the peers that were reached are kept; null: in memory alone.</summary>
    public string? PeersFile { get; init; }

    /// <summary>Key of a private network: who does not have it cannot speak with us; null: the network is open. QUIC has no such thing and is not used then.</summary>
    public SwarmKey? Swarm { get; init; }

    /// <summary>Peers that are remembered.</summary>
    public int MaxPeers { get; init; } = 4096;

    /// <summary>Connections in all that others made.</summary>
    public int MaxConnections { get; init; } = 12_000;

    /// <summary>Connections with one peer; the oldest goes for a new one.</summary>
    public int MaxConnectionsPerPeer { get; init; } = 3;

    /// <summary>Connections that one address made. Loopback is exempt.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 16;

    /// <summary>Connections that one network made: an IPv4 /24 or an IPv6 /48. Loopback is exempt.</summary>
    public int MaxConnectionsPerSubnet { get; init; } = 64;

    /// <summary>New connections a second from one address on average, with ten times that at once. Loopback is exempt.</summary>
    public double ConnectionsPerSecondPerAddress { get; init; } = 2;

    /// <summary>New connections a second from one network on average, with ten times that at once. Loopback is exempt.</summary>
    public double ConnectionsPerSecondPerSubnet { get; init; } = 5;

    /// <summary>Connections of a listener that are not through the handshake; a new one displaces the oldest.</summary>
    public int MaxPendingHandshakes { get; init; } = 256;

    /// <summary>How long connecting and its handshake may take.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long agreeing on a stream's protocol may take.</summary>
    public TimeSpan NegotiationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long identifying may take.</summary>
    public TimeSpan IdentifyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Streams of a connection on which no protocol was agreed yet.</summary>
    public int MaxNegotiatingStreams { get; init; } = 256;

    /// <summary>Streams that others opened, over all connections.</summary>
    public int MaxInboundStreams { get; init; } = 40_000;

    /// <summary>Bytes received and not read yet, over all connections.</summary>
    public long MaxBuffered { get; init; } = 128L * 1024 * 1024;

    /// <summary>Connections that the kernel holds for us to accept.</summary>
    public int AcceptBacklog { get; init; } = 512;

    /// <summary>What one connection may cost.</summary>
    public YamuxOptions Connection { get; init; } = new();
}
