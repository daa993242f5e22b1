namespace Blackwall.Mesh.Libp2p.Gossip.Scoring;

/// <summary>Counters of scores fade so that a value of 1 is worth <see cref="Zero"/>, and forgotten, after the decay time.</summary>
internal static class ScoreDecay
{
    /// <summary>What counts as nothing.</summary>
    public const double Zero = 0.01;

    /// <summary>The factor for one interval: zero ^ (interval / decay time).</summary>
    public static double Factor(TimeSpan interval, TimeSpan decay) => decay <= TimeSpan.Zero ? 0 : Math.Pow(Zero, interval / decay);

    public static double PerSecond(TimeSpan decay) => Factor(TimeSpan.FromSeconds(1), decay);

    public static double Apply(double value, double factor)
    {
        double decayed = value * factor;
        return decayed < Zero ? 0 : decayed;
    }
}
