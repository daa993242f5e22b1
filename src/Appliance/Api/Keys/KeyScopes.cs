namespace Blackwall.Api.Keys;

/// <summary>What may be done with keys.</summary>
internal static class KeyScopes
{
    public static readonly Scope Read = new("keys:read", ScopeUse.Read);
    public static readonly Scope Write = new("keys:write", ScopeUse.Change);
}
