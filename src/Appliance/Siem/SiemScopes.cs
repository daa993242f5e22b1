using Blackwall.Api.Keys;

namespace Blackwall.Siem;

internal static class SiemScopes
{
    public static readonly Scope Read = new("sinks:read", ScopeUse.Read, "viewer", "operator", "siem");

    /// <summary>Sends what the key itself may read to any place: no role but admin has it.</summary>
    public static readonly Scope Write = new("sinks:write", ScopeUse.Change);
}
