namespace Blackwall.Mesh.Libp2p.Gossip.Scoring;

/// <summary>
/// What counts in one topic (gossipsub 1.1, P1 to P4). The defaults fit a topic of unknown and mostly low rate: a mesh peer
/// earns at most 10 by staying and 40 by being first, and the delivery-rate penalties are off, for they punish honest peers in a quiet topic.
/// </summary>
public sealed record TopicScoreParameters
{
    /// <summary>Multiplies all that the topic adds to a score; 0: the topic does not count.</summary>
    public double TopicWeight { get; init; } = 1;

    /// <summary>P1: points for each quantum in the mesh.</summary>
    public double TimeInMeshWeight { get; init; } = 10.0 / 3_600;

    public TimeSpan TimeInMeshQuantum { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>In quanta.</summary>
    public double TimeInMeshCap { get; init; } = 3_600;

    /// <summary>P2: points for each message delivered first.</summary>
    public double FirstDeliveriesWeight { get; init; } = 0.8;

    public TimeSpan FirstDeliveriesDecay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>In messages.</summary>
    public double FirstDeliveriesCap { get; init; } = 50;

    /// <summary>P3: negative, times the square of what is missing to the threshold; 0: off.</summary>
    public double MeshDeliveriesWeight { get; init; }

    public TimeSpan MeshDeliveriesDecay { get; init; } = TimeSpan.FromMinutes(1);

    public double MeshDeliveriesCap { get; init; } = 100;

    /// <summary>Messages (decayed) that a mesh peer has to deliver.</summary>
    public double MeshDeliveriesThreshold { get; init; } = 20;

    /// <summary>A copy that comes this soon after the first counts as delivered too.</summary>
    public TimeSpan MeshDeliveriesWindow { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>For how long a peer is in the mesh before its rate counts.</summary>
    public TimeSpan MeshDeliveriesActivation { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>P3b: negative, times the missing deliveries' square of peers that left the mesh with too few; 0: off.</summary>
    public double MeshFailureWeight { get; init; }

    public TimeSpan MeshFailureDecay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>P4: negative, times the square of the invalid messages (decayed). One costs all that can be earned in a topic.</summary>
    public double InvalidWeight { get; init; } = -50;

    public TimeSpan InvalidDecay { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// For a topic whose rate is known: P3 and P3b on, with a threshold of a twentieth of what a mesh peer that delivers every
    /// message would reach. That is enough to find one that delivers nothing, and an honest peer behind a slow line, or one that mostly
    /// hears from us what it could tell us, stays above it.
    /// </summary>
    /// <param name="messagesPerSecond">Above 0.</param>
    /// <param name="degree">The D of the mesh.</param>
    /// <param name="window">How much later than the first a copy may come; a round trip of the slowest lines.</param>
    public static TopicScoreParameters ForRate(double messagesPerSecond, int degree, TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(messagesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degree);
        TimeSpan decay = TimeSpan.FromSeconds(Math.Max(30, 60 / messagesPerSecond));
        double steady = messagesPerSecond / -Math.Log(ScoreDecay.PerSecond(decay));
        double threshold = steady / 20;
        return new TopicScoreParameters
        {
            FirstDeliveriesDecay = decay,
            FirstDeliveriesCap = Math.Max(1, 2 * steady / degree),
            FirstDeliveriesWeight = 40 / Math.Max(1, 2 * steady / degree),
            MeshDeliveriesDecay = decay,
            MeshDeliveriesCap = 5 * threshold,
            MeshDeliveriesThreshold = threshold,
            MeshDeliveriesWindow = window,
            MeshDeliveriesActivation = TimeSpan.FromSeconds(Math.Clamp(20 / messagesPerSecond, 5, 60)),
            MeshDeliveriesWeight = -60 / (threshold * threshold),
            MeshFailureDecay = TimeSpan.FromMinutes(5),
            MeshFailureWeight = -60 / (threshold * threshold),
        };
    }
}
