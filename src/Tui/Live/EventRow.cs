using System.Globalization;
using Blackwall.Client.Changes;
using Blackwall.Client.Decisions;
using Blackwall.Client.Events;
using Blackwall.Client.Status;

namespace Blackwall.Tui.Live;

/// <summary>One event as an operator reads it.</summary>
/// <param name="Kind">decision, lifted, evidence, status, change or gap.</param>
/// <param name="At">When it happened; for status and gap when it was told.</param>
/// <param name="Text">One line.</param>
/// <param name="Subject">The address or prefix it is about; null: none.</param>
/// <param name="Decision">The decision it is about; null: none.</param>
internal sealed record EventRow(string Kind, DateTimeOffset At, string Text, string? Subject, Decision? Decision)
{
    public static EventRow From(string kind, DecisionEvent change)
    {
        Decision decision = change.Decision;
        string many = change.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{change.Count} of them, the last ") : "";
        return new EventRow(kind, change.Time, $"{change.Change} by {change.By}: {many}{decision.Verdict} {decision.Scope} ({decision.Origin}, {decision.Reason}, decision {decision.Id})", decision.Scope, decision);
    }

    public static EventRow From(Evidence evidence) =>
        new("evidence", evidence.Seen, $"{evidence.Source} {evidence.Kind}, {evidence.Detail} [{evidence.Class}]", evidence.Source, null);

    public static EventRow From(Wall wall, DateTimeOffset now) =>
        new("status", now, $"{wall.Interface}: {wall.Mode}, {wall.AttachMode ?? "not attached"}, policy {wall.Generation}{(wall.Fault is { } fault ? $", {fault}" : "")}", null, null);

    public static EventRow From(ChangeEvent change, DateTimeOffset now)
    {
        string mode = change.Mode is { } to ? $", mode {to}" : "";
        string until = change.Deadline is { } deadline ? string.Create(CultureInfo.InvariantCulture, $", taken back at {deadline.UtcDateTime:HH:mm:ss}Z unless it is confirmed") : "";
        string outcome = change.Outcome is { } ended ? $": {ended}" : "";
        return new EventRow("change", now, $"change {change.Id} of {change.Actor} is {change.State}, {change.RuleCount} rules made, {change.RemoveCount} removed{mode}{until}{outcome}", null, null);
    }

    public static EventRow From(Gap gap, DateTimeOffset now) =>
        new("gap", now, gap.Missed is { } missed ? string.Create(CultureInfo.InvariantCulture, $"{missed} events were missed") : "some events were missed; how many is not known", null, null);
}
