using Blackwall.Pipeline;

namespace Blackwall.Behavior;

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
