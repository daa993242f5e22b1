namespace Blackwall.Mesh.Libp2p.Gossip.Scoring;

/// <summary>A topic's parameters as factors for one decay interval.</summary>
internal readonly struct TopicDecay(TopicScoreParameters parameters, TimeSpan interval)
{
    public readonly double FirstDeliveries = ScoreDecay.Factor(interval, parameters.FirstDeliveriesDecay);
    public readonly double MeshDeliveries = ScoreDecay.Factor(interval, parameters.MeshDeliveriesDecay);
    public readonly double MeshFailure = ScoreDecay.Factor(interval, parameters.MeshFailureDecay);
    public readonly double Invalid = ScoreDecay.Factor(interval, parameters.InvalidDecay);
    public readonly long ActivationMilliseconds = (long)parameters.MeshDeliveriesActivation.TotalMilliseconds;
}
