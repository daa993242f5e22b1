using Blackwall.Behavior.Judgement;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Behavior;

/// <summary>The detection's part of /stats.</summary>
internal sealed class DetectionCounters(DecisionPipeline pipeline, BehaviorStage stage) : IStatsSource
{
    public string Name => "detection";

    public IReadOnlyDictionary<string, long> Read()
    {
        PipelineStats flow = pipeline.Stats;
        BehaviorStats held = stage.Stats;
        var counters = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["events"] = flow.Events,
            ["samples"] = flow.Samples,
            ["requested"] = flow.Requested,
            ["published"] = flow.Published,
            ["refused"] = flow.Refused,
            ["dropped"] = flow.Dropped,
            ["feedbackDropped"] = flow.FeedbackDropped,
            ["unprovenSources"] = held.UnprovenSources,
            ["provenSources"] = held.ProvenSources,
            ["watchedSources"] = held.WatchedSources,
            ["unprovenEvicted"] = held.UnprovenEvicted,
            ["provenEvicted"] = held.ProvenEvicted,
            ["watchesEvicted"] = held.WatchesEvicted,
            ["floodedTargets"] = held.FloodedTargets,
            ["limitsSuppressed"] = held.LimitsSuppressed,
            ["outboundPairs"] = held.OutboundPairs,
            ["outboundPairsEvicted"] = held.OutboundPairsEvicted,
            ["insideHosts"] = held.InsideHosts,
            ["networks"] = held.Networks,
            ["networksEvicted"] = held.NetworksEvicted,
        };
        foreach (EvidenceKind kind in EvidenceKind.All)
        {
            string name = kind.ToString();
            counters["evidence" + name] = held.Evidence[kind.Name];
        }

        return counters;
    }
}
