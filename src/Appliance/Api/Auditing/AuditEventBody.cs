namespace Blackwall.Api.Auditing;

/// <summary>Data of the event "audit": somebody changed something, or was refused.</summary>
/// <param name="Time">When.</param>
/// <param name="Actor">Name of the key.</param>
/// <param name="Remote">Address that called; empty: not over IP.</param>
/// <param name="Action">Name of the API operation.</param>
/// <param name="Subject">Path that was called.</param>
/// <param name="Status">HTTP status of the answer: below 300 it was done.</param>
/// <param name="Detail">Why it was refused.</param>
/// <param name="Trace">Finds the request in the log.</param>
public sealed record AuditEventBody(DateTimeOffset Time, string Actor, string Remote, string Action, string Subject, int Status, string? Detail, string Trace)
{
    internal static AuditEventBody From(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new AuditEventBody(entry.Time, entry.Actor, entry.Remote, entry.Action, entry.Subject, entry.Status, entry.Detail, entry.Trace);
    }
}
