using System.Net;

namespace Blackwall.Mesh.Libp2p.Gossip.Scoring;

/// <summary>What counts for a peer beside its topics (gossipsub 1.1, P5 to P7), and what follows from a score.</summary>
public sealed record PeerScoreParameters
{
    /// <summary>The most points that all topics together give.</summary>
    public double TopicScoreCap { get; init; } = 100;

    /// <summary>P5: multiplies the score that the application gives, which is held within plus and minus <see cref="AppScoreLimit"/>.</summary>
    public double AppScoreWeight { get; init; } = 1;

    public double AppScoreLimit { get; init; } = 100;

    /// <summary>P6: negative, times the square of the peers at one address (IPv6: /64) beyond the threshold.</summary>
    public double ColocationWeight { get; init; } = -10;

    /// <summary>Peers at one address that cost nothing.</summary>
    public int ColocationThreshold { get; init; } = 8;

    /// <summary>Networks whose peers are not counted by address.</summary>
    public IReadOnlyList<IPNetwork> ColocationWhitelist { get; init; } = [];

    /// <summary>P7: negative, times the square of the misbehaviour (decayed) beyond the threshold.</summary>
    public double BehaviourWeight { get; init; } = -10;

    public double BehaviourThreshold { get; init; } = 6;

    public TimeSpan BehaviourDecay { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan DecayInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the score of a peer that left is kept.</summary>
    public TimeSpan RetainTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Below: no gossip to and from the peer.</summary>
    public double GossipThreshold { get; init; } = -100;

    /// <summary>Below: our own messages are not sent to the peer.</summary>
    public double PublishThreshold { get; init; } = -200;

    /// <summary>Below: nothing from the peer is heeded.</summary>
    public double GraylistThreshold { get; init; } = -400;

    /// <summary>From here on the peers that it offers are heeded; only the application's score can reach it.</summary>
    public double PeerExchangeThreshold { get; init; } = 100;

    /// <summary>A mesh whose median is below this takes in better peers.</summary>
    public double OpportunisticGraftThreshold { get; init; } = 5;
}
