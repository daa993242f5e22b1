using Blackwall.Api.Keys;

namespace Blackwall.Sessions;

/// <summary>Sessions hold passwords and files that attackers brought; no role that only looks on has them.</summary>
internal static class SessionScopes
{
    public static readonly Scope Read = new("sessions:read", ScopeUse.ReadRecorded, "operator");
}
