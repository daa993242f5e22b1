using Blackwall.Api.Keys;

namespace Blackwall.Api.Auditing;

/// <summary>Who may see who did what.</summary>
internal static class AuditScopes
{
    public static readonly Scope Read = new("audit:read", ScopeUse.Read, "operator", "siem");
}
