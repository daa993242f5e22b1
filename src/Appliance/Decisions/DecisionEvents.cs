using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Decisions;

/// <summary>Tells what is decided, what ends, and what was seen.</summary>
internal sealed class DecisionEvents(EventHub hub) : IDecisionObserver, IEvidenceSink
{
    public static readonly EventType Decided = EventType.For<DecisionChange>("decision", Write);
    public static readonly EventType Lifted = EventType.For<DecisionChange>("lifted", Write);
    public static readonly EventType Seen = EventType.For<Evidence>("evidence", evidence => JsonSerializer.SerializeToUtf8Bytes(EvidenceBody.Of(evidence), ApiJson.Default.EvidenceBody));

    public void OnChange(DecisionChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        foreach (Evidence evidence in change.Evidence)
        {
            Add(evidence);
        }

        hub.Add(change.Kind is DecisionChangeKind.Lifted or DecisionChangeKind.Expired ? Lifted : Decided, change, ForgeableShare.IsForgeable(change.Decision) ? change.Decision.Reason : null);
    }

    public void Record(Evidence evidence)
    {
        Add(evidence);
        foreach (Evidence summary in hub.TakeSummaries())
        {
            Add(summary);
        }
    }

    private void Add(Evidence evidence) => hub.Add(Seen, evidence, ForgeableShare.IsForgeable(evidence) ? evidence.Kind : null);

    private static byte[] Write(DecisionChange change)
    {
        // The stream tells what was decided; whether the wall acts yet is a question for /decisions/{id}.
        DecisionBody decision = DecisionBody.Of(change.Decision, change.Evidence, enforced: false);
        DecisionEventBody data = new(Words.Kebab(change.Kind.ToString()), change.Actor, change.Count, change.Time, decision);
        return JsonSerializer.SerializeToUtf8Bytes(data, DecisionJson.Default.DecisionEventBody);
    }
}
