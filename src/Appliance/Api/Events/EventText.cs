using System.Text.Json;
using Blackwall.Api.Contracts;
using Blackwall.Changes;
using Blackwall.Kernel;
using Blackwall.Pipeline;

namespace Blackwall.Api.Events;

/// <summary>How an event is written, in the stream and in its history.</summary>
internal static class EventText
{
    /// <summary>The event's kind and its data, JSON in UTF-8.</summary>
    public static (string Kind, byte[] Data) Of(StreamEvent happened) => happened.Subject switch
    {
        DecisionChange change => (change.Kind is DecisionChangeKind.Lifted or DecisionChangeKind.Expired ? "lifted" : "decision", Data(change)),
        Evidence evidence => ("evidence", JsonSerializer.SerializeToUtf8Bytes(EvidenceBody.Of(evidence), ApiJson.Default.EvidenceBody)),
        WallStatus status => ("status", JsonSerializer.SerializeToUtf8Bytes(WallBody.Of(status), ApiJson.Default.WallBody)),
        PolicyChange change => ("change", JsonSerializer.SerializeToUtf8Bytes(ChangeEventBody.Of(change), ApiJson.Default.ChangeEventBody)),
        _ => throw new InvalidOperationException($"{happened.Subject.GetType()} is not an event."),
    };

    private static byte[] Data(DecisionChange change)
    {
        // The stream tells what was decided; whether the wall acts yet is a question for /decisions/{id}.
        DecisionBody decision = DecisionBody.Of(change.Decision, change.Evidence, enforced: false);
        DecisionEventBody data = new(Words.Kebab(change.Kind.ToString()), change.Actor, change.Count, change.Time, decision);
        return JsonSerializer.SerializeToUtf8Bytes(data, ApiJson.Default.DecisionEventBody);
    }
}
