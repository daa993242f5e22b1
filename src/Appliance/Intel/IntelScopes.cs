using Blackwall.Api.Keys;

namespace Blackwall.Intel;

internal static class IntelScopes
{
    public static readonly Scope Read = new("intel:read", ScopeUse.Read, "viewer", "operator", "siem");

    /// <summary>Adds to what partners share: what is added becomes claims of the key's owner.</summary>
    public static readonly Scope Write = new("intel:write", ScopeUse.Change, "operator");
}
