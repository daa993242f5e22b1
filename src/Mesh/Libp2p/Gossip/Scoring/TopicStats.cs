namespace Blackwall.Mesh.Libp2p.Gossip.Scoring;

/// <summary>What a peer did in one topic. Times are milliseconds of the router's clock.</summary>
internal struct TopicStats
{
    public double FirstDeliveries;
    public double MeshDeliveries;
    public double MeshFailure;
    public double Invalid;

    private bool _inMesh;
    private bool _active;
    private long _graftedAt;
    private long _timeInMesh;

    /// <summary>It brought us something, in or outside of the mesh: time alone proves nothing.</summary>
    public readonly bool HasDelivered => FirstDeliveries > 0 || MeshDeliveries > 0;

    /// <summary>Nothing here changes by time.</summary>
    public readonly bool IsIdle => !_inMesh && FirstDeliveries == 0 && MeshDeliveries == 0 && MeshFailure == 0 && Invalid == 0;

    public void Graft(long now)
    {
        _inMesh = true;
        _active = false;
        _graftedAt = now;
        _timeInMesh = 0;
    }

    /// <summary>The peer leaves the mesh: what it owed there is kept.</summary>
    public void Prune(TopicScoreParameters parameters)
    {
        if (_inMesh && _active && MeshDeliveries < parameters.MeshDeliveriesThreshold)
        {
            double missing = parameters.MeshDeliveriesThreshold - MeshDeliveries;
            MeshFailure += missing * missing;
        }

        _inMesh = false;
        _active = false;
    }

    public readonly double Score(TopicScoreParameters parameters)
    {
        double score = 0;
        if (_inMesh)
        {
            score += parameters.TimeInMeshWeight * Math.Min(_timeInMesh / parameters.TimeInMeshQuantum.TotalMilliseconds, parameters.TimeInMeshCap);
        }

        score += parameters.FirstDeliveriesWeight * FirstDeliveries;
        if (_active && MeshDeliveries < parameters.MeshDeliveriesThreshold)
        {
            double missing = parameters.MeshDeliveriesThreshold - MeshDeliveries;
            score += parameters.MeshDeliveriesWeight * missing * missing;
        }

        score += parameters.MeshFailureWeight * MeshFailure;
        score += parameters.InvalidWeight * Invalid * Invalid;
        return score * parameters.TopicWeight;
    }

    public void Decay(in TopicDecay decay, long now)
    {
        FirstDeliveries = ScoreDecay.Apply(FirstDeliveries, decay.FirstDeliveries);
        MeshDeliveries = ScoreDecay.Apply(MeshDeliveries, decay.MeshDeliveries);
        MeshFailure = ScoreDecay.Apply(MeshFailure, decay.MeshFailure);
        Invalid = ScoreDecay.Apply(Invalid, decay.Invalid);
        if (_inMesh)
        {
            _timeInMesh = now - _graftedAt;
            _active |= _timeInMesh > decay.ActivationMilliseconds;
        }
    }

    public void First(TopicScoreParameters parameters)
    {
        FirstDeliveries = Math.Min(FirstDeliveries + 1, parameters.FirstDeliveriesCap);
        Delivered(parameters);
    }

    /// <summary>The peer delivered a message, as the first or soon after it; counts while it is in the mesh.</summary>
    public void Delivered(TopicScoreParameters parameters)
    {
        if (_inMesh)
        {
            MeshDeliveries = Math.Min(MeshDeliveries + 1, parameters.MeshDeliveriesCap);
        }
    }
}
