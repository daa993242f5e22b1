using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>How the router behaves and what it lets others cost it. The defaults are those of the gossipsub 1.1 and 1.2 specs where they have one.</summary>
public sealed record GossipOptions
{
    /// <summary>A denser mesh that looks for better peers more often: for topics that must come through while most of our neighbours are attackers.</summary>
    public static GossipOptions Hardened { get; } = new() { Degree = 8, DegreeLow = 6, DegreeOutbound = 3, OpportunisticGraftTicks = 10 };

    /// <summary>D: peers in a topic's mesh.</summary>
    public int Degree { get; init; } = 6;

    /// <summary>D_lo: below this the mesh is filled up to <see cref="Degree"/>.</summary>
    public int DegreeLow { get; init; } = 4;

    /// <summary>D_hi: above this the mesh is cut down to <see cref="Degree"/>.</summary>
    public int DegreeHigh { get; init; } = 12;

    /// <summary>D_score: how many of the best peers stay when the mesh is cut; the others stay by lot.</summary>
    public int DegreeScore { get; init; } = 4;

    /// <summary>D_out: mesh peers that we dialled, so that dialling us is not enough to surround us.</summary>
    public int DegreeOutbound { get; init; } = 2;

    /// <summary>Mesh peers that have delivered nothing yet and are taken in beyond <see cref="Degree"/> at their own asking, once others have.</summary>
    public int UnprovenPeers { get; init; } = 1;

    /// <summary>D_lazy: peers outside of the mesh that are told of messages at each heartbeat, at least.</summary>
    public int DegreeLazy { get; init; } = 6;

    /// <summary>Share of the peers outside of the mesh that are told at least.</summary>
    public double GossipFactor { get; init; } = 0.25;

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Heartbeats for which messages can be asked for.</summary>
    public int HistoryWindows { get; init; } = 5;

    /// <summary>Heartbeats for which messages are told of.</summary>
    public int GossipWindows { get; init; } = 3;

    /// <summary>The most bytes of messages kept for those who ask; the oldest go first.</summary>
    public int HistoryBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long the peers chosen for a topic that we publish to without a subscription are kept.</summary>
    public TimeSpan FanoutTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a message is known as seen.</summary>
    public TimeSpan SeenTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The most ids known as seen; the oldest go first.</summary>
    public int SeenCapacity { get; init; } = 262_144;

    /// <summary>What we publish goes to every peer above the publish threshold, not only to the mesh.</summary>
    public bool FloodPublish { get; init; } = true;

    /// <summary>Peers offered in a PRUNE are passed on to the host, if the offerer's score is high enough; and we offer ours. Off unless wanted.</summary>
    public bool PeerExchange { get; init; }

    /// <summary>The most peers read from and put into a PRUNE.</summary>
    public int PrunePeers { get; init; } = 16;

    /// <summary>For how long a pruned peer is not to graft again.</summary>
    public TimeSpan PruneBackoff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same for one whose GRAFT came while the mesh was full.</summary>
    public TimeSpan FullBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same after we left a topic.</summary>
    public TimeSpan UnsubscribeBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest backoff that we let a peer impose on us.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A GRAFT this soon after a PRUNE is a flood and counts twice.</summary>
    public TimeSpan GraftFloodTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Heartbeats between two looks whether the mesh could be better.</summary>
    public int OpportunisticGraftTicks { get; init; } = 60;

    /// <summary>Peers taken in at such a look.</summary>
    public int OpportunisticGraftPeers { get; init; } = 2;

    /// <summary>IHAVE entries heeded from a peer between two heartbeats.</summary>
    public int IHaveMessages { get; init; } = 10;

    /// <summary>Ids put into an IHAVE, and asked for from one peer between two heartbeats.</summary>
    public int IHaveIds { get; init; } = 5_000;

    /// <summary>Ids looked up for a peer's IWANTs between two heartbeats.</summary>
    public int IWantIds { get; init; } = 5_000;

    /// <summary>How often one message is sent again to one peer that asks for it.</summary>
    public int Retransmissions { get; init; } = 3;

    /// <summary>By when a message that a peer told of must have come after we asked.</summary>
    public TimeSpan IWantFollowUp { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Open promises of messages kept for one peer.</summary>
    public int PromisesPerPeer { get; init; } = 64;

    /// <summary>Ids heeded from a peer's IDONTWANTs between two heartbeats.</summary>
    public int IDontWantIds { get; init; } = 512;

    /// <summary>Payload bytes from which mesh peers are told that a message is already here.</summary>
    public int IDontWantThreshold { get; init; } = 512;

    /// <summary>Heartbeats for which an IDONTWANT holds.</summary>
    public int IDontWantWindows { get; init; } = 3;

    /// <summary>Topics remembered for one peer.</summary>
    public int TopicsPerPeer { get; init; } = 1_000;

    /// <summary>Topics that we take part in or publish to.</summary>
    public int OwnTopics { get; init; } = 256;

    /// <summary>Scores kept of peers that left.</summary>
    public int RetainedScores { get; init; } = 16_384;

    /// <summary>The largest payload that we publish or take, in bytes.</summary>
    public int MaxMessage { get; init; } = 64 * 1024;

    /// <summary>The largest RPC read off a stream, in bytes; a longer one ends the stream.</summary>
    public int MaxRpc { get; init; } = 1024 * 1024;

    /// <summary>Bytes of RPCs that are read of one peer in a second on average; 0: as many as come.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Bytes that one peer may send at once beyond that.</summary>
    public int BytesAtOnce { get; init; } = 256 * 1024;

    /// <summary>A peer that sends more than that without a pause for so long misbehaves, and again after as long.</summary>
    public TimeSpan PaceTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>By when the rest of an RPC must have come after its first bytes; a later one ends the stream.</summary>
    public TimeSpan FrameTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of RPCs of all peers whose rest is still to come; beyond, the stream that holds most is ended.</summary>
    public long FrameBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Authors whose sequence numbers are remembered, so that their old messages stay old after <see cref="SeenTime"/>.</summary>
    public int Authors { get; init; } = 65_536;

    /// <summary>Changes of a peer's subscriptions that are told of at once, beyond <see cref="TopicsPerPeer"/>, and each second.</summary>
    public int SubscriptionEvents { get; init; } = 50;

    /// <summary>Bytes waiting to be sent to one peer; what comes beyond is dropped and counted.</summary>
    public int SendQueueBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>What one RPC may contain.</summary>
    public RpcLimits Rpc { get; init; } = new();

    public PeerScoreParameters Scores { get; init; } = new();
}
