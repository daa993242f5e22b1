using System.Net;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>A connected peer, as the router knows it. The router's owner alone reads and writes it.</summary>
public sealed class GossipPeer
{
    private PeerCounts _counts;
    private int _countsOf;

    internal GossipPeer(PeerRecord record, GossipVersion version, bool outbound, bool isExplicit, IPAddress? address, object? tag)
    {
        Record = record;
        Version = version;
        Outbound = outbound;
        Explicit = isExplicit;
        Address = address;
        Tag = tag;
    }

    public PeerId Id => Record.Id;

    public GossipVersion Version { get; internal set; }

    /// <summary>True: we dialled.</summary>
    public bool Outbound { get; }

    /// <summary>Configured by the operator: it gets everything, and is in no mesh.</summary>
    public bool Explicit { get; }

    public IPAddress? Address { get; }

    /// <summary>Whatever the router's owner wants to find again.</summary>
    public object? Tag { get; }

    public bool Connected { get; internal set; } = true;

    internal PeerRecord Record { get; }

    /// <summary>Topics that the peer takes part in and we do not; the others are in the record.</summary>
    internal HashSet<string>? ForeignTopics { get; set; }

    internal int Subscriptions { get; set; }

    internal int OpenPromises { get; set; }

    /// <summary>What the peer asked for since the last heartbeat.</summary>
    internal ref PeerCounts CountsAt(int tick)
    {
        if (_countsOf != tick)
        {
            _countsOf = tick;
            _counts = default;
        }

        return ref _counts;
    }
}
