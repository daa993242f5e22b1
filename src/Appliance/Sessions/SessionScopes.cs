using Blackwall.Api.Keys;

namespace Blackwall.Sessions;

/// <summary>Sessions hold passwords and files of attackers; no read-only role includes them.</summary>
internal static class SessionScopes
{
    public static readonly Scope Read = new("sessions:read", ScopeUse.ReadRecorded, "operator");
    public static readonly Scope Write = new("sessions:write", ScopeUse.Change, "operator");
}
