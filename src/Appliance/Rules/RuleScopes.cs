using Blackwall.Api.Keys;

namespace Blackwall.Rules;

/// <summary>What may be done with the operator's rules.</summary>
internal static class RuleScopes
{
    public static readonly Scope Read = new("rules:read", ScopeUse.Read, "viewer", "operator");
    public static readonly Scope Write = new("rules:write", ScopeUse.Change, "operator");
}
