using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Pipeline.Board;

/// <summary>Records evidence that asks for no decision, from outside of the packet path. Thread-safe; may wait for the board.</summary>
internal sealed class EvidenceRecorder(IDecisionSink decisions, IEnumerable<IEvidenceSink> journals)
{
    public void Record(Evidence evidence)
    {
        Evidence numbered = decisions.Witness(evidence);
        foreach (IEvidenceSink journal in journals)
        {
            journal.Record(numbered);
        }
    }
}
