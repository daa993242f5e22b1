using Blackwall.Api.Keys;

namespace Blackwall.Decisions;

/// <summary>What may be done with decisions.</summary>
internal static class DecisionScopes
{
    public static readonly Scope Read = new("decisions:read", ScopeUse.Read, "viewer", "operator", "siem");
    public static readonly Scope Write = new("decisions:write", ScopeUse.Change, "operator");
}
