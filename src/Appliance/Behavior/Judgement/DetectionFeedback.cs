using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Behavior.Judgement;

/// <summary>A lifted decision of ours means that somebody thinks better of the source: it begins anew.</summary>
internal sealed class DetectionFeedback(DecisionPipeline pipeline) : IDecisionObserver
{
    public void OnChange(DecisionChange change)
    {
        if (change is { Kind: DecisionChangeKind.Lifted, Decision.Origin: Origin.Local })
        {
            pipeline.Forget(change.Decision.Scope);
        }
    }
}
