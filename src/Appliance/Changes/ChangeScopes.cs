using Blackwall.Api.Keys;

namespace Blackwall.Changes;

/// <summary>What may be done with changes of the policy.</summary>
internal static class ChangeScopes
{
    public static readonly Scope Read = new("changes:read", ScopeUse.Read, "viewer", "operator");
    public static readonly Scope Write = new("changes:write", ScopeUse.Change, "operator");
}
