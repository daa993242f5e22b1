using Blackwall.Pipeline.Board;

namespace Blackwall.Pipeline.Ports;

/// <summary>
/// Hears of every change, in order, before the call that made it returns and outside of the board's lock. It must only enqueue: whoever publishes waits
/// for it. What takes longer follows the event log.
/// </summary>
public interface IDecisionObserver
{
    void OnChange(DecisionChange change);
}
