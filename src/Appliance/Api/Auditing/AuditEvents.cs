using Blackwall.Events;

namespace Blackwall.Api.Auditing;

/// <summary>What is told of who changed what; for whoever may read the audit log.</summary>
internal static class AuditEvents
{
    public static readonly EventType<AuditEntry, AuditEventBody> Recorded =
        EventType.For<AuditEntry, AuditEventBody>("audit", AuditEventBody.From, ApiJson.Default.AuditEventBody, scope: AuditScopes.Read);
}
