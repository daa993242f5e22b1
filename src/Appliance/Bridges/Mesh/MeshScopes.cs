using Blackwall.Api.Keys;

namespace Blackwall.Bridges.Mesh;

internal static class MeshScopes
{
    public static readonly Scope Read = new("mesh:read", ScopeUse.Read, "viewer", "operator", "siem");

    /// <summary>Refutes indicators and bans peers.</summary>
    public static readonly Scope Write = new("mesh:write", ScopeUse.Change, "operator");
}
