namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>What the gossip service needs to know beside the router's options.</summary>
public sealed record GossipServiceSettings
{
    /// <summary>For topics that do not bring a function of their own.</summary>
    public MessageIdFunction MessageId { get; init; } = MessageIdFunction.Sha256;

    /// <summary>How long an application's validator may think; what takes longer is ignored.</summary>
    public TimeSpan ValidatorTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>P5: what the application thinks of a peer; asked at every decay, under a lock.</summary>
    public Func<PeerId, double>? AppScore { get; init; }

    /// <summary>Peers that the operator configured: they get everything and are never graylisted.</summary>
    public IReadOnlyCollection<PeerId> ExplicitPeers { get; init; } = [];

    /// <summary>The signed record of a peer, for peer exchange; null: none is known.</summary>
    public Func<PeerId, ReadOnlyMemory<byte>?>? SignedRecord { get; init; }

    /// <summary>Sequence numbers are above this, even if the clock was set back.</summary>
    public ulong SeqnoAbove { get; init; }
}
