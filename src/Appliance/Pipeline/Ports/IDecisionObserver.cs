using Blackwall.Pipeline.Board;

namespace Blackwall.Pipeline.Ports;

/// <summary>Hears of every change, in order. Called while the board is locked: it must only enqueue, and never call the board.</summary>
public interface IDecisionObserver
{
    void OnChange(DecisionChange change);
}
