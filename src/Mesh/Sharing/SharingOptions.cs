using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.PrivateNetwork;
using Blackwall.Mesh.Sybil;

namespace Blackwall.Mesh.Sharing;

/// <summary>How this sensor takes part in a mesh.</summary>
public sealed record SharingOptions
{
    /// <summary>Folder of identity, counters, reputations and what waits to be sent.</summary>
    public required string Folder { get; init; }

    /// <summary>Name of the mesh; what is signed for one counts in no other. 1..64 of a-z, 0-9, '-' and '.'.</summary>
    public string Mesh { get; init; } = "blackwall";

    /// <summary>Key of a private network; null: the mesh is open.</summary>
    public SwarmKey? Swarm { get; init; }

    /// <summary>Passes messages on and reports nothing itself.</summary>
    public bool RelayOnly { get; init; }

    public IReadOnlyList<Multiaddr> Listen { get; init; } = [];

    /// <summary>Peers to stay connected with. They have no special vote.</summary>
    public IReadOnlyList<Multiaddr> Peers { get; init; } = [];

    /// <summary>Sensors of the same operator.</summary>
    public IReadOnlySet<PeerId> Members { get; init; } = new HashSet<PeerId>();

    /// <summary>Looks for peers on the local network.</summary>
    public bool Mdns { get; init; }

    /// <summary>Peers that we dial beside those that are configured, each in another /16.</summary>
    public int OutboundPeers { get; init; } = 8;

    /// <summary>Messages of one author that are taken in an hour.</summary>
    public int MessagesPerHour { get; init; } = 512;

    /// <summary>Bytes of messages that are read of one peer in a second on average.</summary>
    public int BytesPerSecond { get; init; } = 64_000;

    /// <summary>The work that an identity owes; null: none.</summary>
    public IdentityProof? Proof { get; init; } = new();

    public NetworkTable Networks { get; init; } = new();

    public ConsensusOptions Consensus { get; init; } = new();

    /// <summary>Whether a value may not be acted on here.</summary>
    public Func<IndicatorValue, bool> IsGuarded { get; init; } = _ => false;

    internal string IndicatorTopic => $"/blackwall/{Mesh}/indicators/1";

    internal string ProofTopic => $"/blackwall/{Mesh}/proofs/1";

    internal string ModelTopic => $"/blackwall/{Mesh}/models/1";

    internal string SyncProtocol => $"/blackwall/{Mesh}/recent/1.0.0";
}
