using Blackwall.Api.Keys;

namespace Blackwall.Health;

/// <summary>What may be seen of the appliance itself.</summary>
internal static class HealthScopes
{
    public static readonly Scope Read = new("stats:read", ScopeUse.Read, "viewer", "operator", "siem");
}
