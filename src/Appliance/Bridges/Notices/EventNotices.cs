using Blackwall.Changes;
using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Health;
using Blackwall.Notifications;

namespace Blackwall.Bridges.Notices;

/// <summary>Turns events of the log into what people are told of.</summary>
internal sealed class EventNotices(NotificationDesk desk) : IEventReader
{
    public string Name => "notices";

    // A restart must not tell again what was told.
    public bool IsResumed => false;

    public Task ReadAsync(EventPage page, CancellationToken cancellation)
    {
        foreach (ApplianceEvent happened in page.Events)
        {
            if (Translate(happened) is { } notification)
            {
                desk.Add(notification);
            }
        }

        return Task.CompletedTask;
    }

    private static Notification? Translate(ApplianceEvent happened)
    {
        if ((DecisionEvents.Decided.Read(happened) ?? DecisionEvents.Lifted.Read(happened)) is { } decided)
        {
            return Decided(happened, decided);
        }

        if (HealthEvents.Fault.Read(happened) is { } health)
        {
            return new Notification(NotificationKind.Fault, happened.Time, health.Fault is { } fault ? $"{health.Part}: {fault}" : $"{health.Part} is well again") { Reason = health.Part };
        }

        return ChangeEvents.Change.Read(happened) is { State: not "shadow" } change ? Changed(happened, change) : null;
    }

    // What an operator does is known to the operator; a renewal is no news; a lift of others' blocks is.
    private static Notification? Decided(ApplianceEvent happened, DecisionEventBody change)
    {
        DecisionLine line = DecisionLine.From(change);
        if (line.Verdict is "pass" || line.Change is "renewed" or "expired" || (!line.IsEnd && line.Origin is "operator"))
        {
            return null;
        }

        string sentence = line.IsEnd
            ? $"{line.Verdict} {line.Scope}{line.Others} was lifted by {change.By} (decision {line.Id})"
            : $"{line.Verdict} {line.Scope}{line.Others} until {line.Until}: {line.Reason}, {line.Evidence} (decision {line.Id})";
        return new Notification(line.IsEnd ? NotificationKind.Lift : NotificationKind.Block, happened.Time, sentence)
        {
            Address = line.Scope,
            Verdict = line.Verdict,
            Reason = line.Reason,
            Until = line.Until,
            Evidence = line.Evidence,
            Id = line.Id,
        };
    }

    private static Notification Changed(ApplianceEvent happened, ChangeEventBody change)
    {
        string what = change.Mode is { } mode ? $"mode {mode}" : $"{change.RuleCount} rules made, {change.RemoveCount} removed";
        string sentence = change.State is "trial"
            ? $"Change {change.Id} of {change.Actor} ({what}) is on trial; it reverts at {change.Deadline?.UtcDateTime:HH:mm:ss}Z unless it is confirmed"
            : $"Change {change.Id} of {change.Actor} ({what}) is {change.State}. {change.Outcome}";
        return new Notification(NotificationKind.Change, happened.Time, sentence) { Reason = change.State, Id = change.Id };
    }
}
