using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>Where stages put what they found. Never blocks; what does not fit is counted.</summary>
public interface IFindings
{
    /// <summary>Asks for a decision; its evidence is recorded with it.</summary>
    void Decide(DecisionRequest request);

    /// <summary>Records evidence that asks for nothing.</summary>
    void Record(Evidence evidence);

    /// <summary>Shows all stages what this one made of the packet, at once.</summary>
    void Publish(in Sign sign);
}
