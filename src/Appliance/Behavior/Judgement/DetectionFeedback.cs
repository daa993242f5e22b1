using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Behavior.Judgement;

/// <summary>A lifted local decision is the operator's correction: the source's counters begin anew.</summary>
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
