using Blackwall.Mesh.Libp2p.Gossip;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>One end of a connection.</summary>
internal sealed class SimLink(SimNode owner, SimNode remote, int latency)
{
    public SimNode Owner { get; } = owner;

    public SimNode Remote { get; } = remote;

    /// <summary>In milliseconds, one way.</summary>
    public int Latency { get; } = latency;

    public SimLink Reverse { get; set; } = null!;

    /// <summary>The remote, as the owner's router knows it.</summary>
    public GossipPeer Peer { get; set; } = null!;
}
