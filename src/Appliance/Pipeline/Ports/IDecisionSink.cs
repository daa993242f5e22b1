using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>The only door to a decision. Thread-safe.</summary>
public interface IDecisionSink
{
    PublishResult Publish(DecisionRequest request);

    /// <summary>Evidence that asks for nothing gets its id.</summary>
    Evidence Witness(Evidence evidence) => evidence;
}
