using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Decisions;

/// <summary>Tells what is decided, what ends, and what was seen.</summary>
internal sealed class DecisionEvents(EventLog log) : IDecisionObserver, IEvidenceSink
{
    public static readonly EventType<DecisionChange, DecisionEventBody> Decided = EventType.For<DecisionChange, DecisionEventBody>("decision", Describe, DecisionJson.Default.DecisionEventBody);
    public static readonly EventType<DecisionChange, DecisionEventBody> Lifted = EventType.For<DecisionChange, DecisionEventBody>("lifted", Describe, DecisionJson.Default.DecisionEventBody);
    public static readonly EventType<Evidence, EvidenceBody> Seen = EventType.For<Evidence, EvidenceBody>("evidence", EvidenceBody.From, ApiJson.Default.EvidenceBody);

    public void OnChange(DecisionChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        foreach (Evidence evidence in change.Evidence)
        {
            Add(evidence);
        }

        log.Add(change.Kind is DecisionChangeKind.Lifted or DecisionChangeKind.Expired ? Lifted : Decided, change, ForgeableShare.IsForgeable(change.Decision) ? change.Decision.Reason : null);
    }

    public void Record(Evidence evidence)
    {
        Add(evidence);
        foreach (Evidence summary in log.TakeSummaries())
        {
            Add(summary);
        }
    }

    private void Add(Evidence evidence) => log.Add(Seen, evidence, ForgeableShare.IsForgeable(evidence) ? evidence.Kind : null);

    // The log tells what was decided; whether the wall acts yet is a question for /decisions/{id}.
    private static DecisionEventBody Describe(DecisionChange change) =>
        new(Words.Kebab(change.Kind.ToString()), change.Actor, change.Count, change.Time, DecisionBody.From(change.Decision, change.Evidence, enforced: false));
}
