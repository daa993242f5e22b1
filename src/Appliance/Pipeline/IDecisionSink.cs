namespace Blackwall.Pipeline;

/// <summary>The only door to a decision. Thread-safe.</summary>
public interface IDecisionSink
{
    PublishResult Publish(DecisionRequest request);
}
