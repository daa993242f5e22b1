using Blackwall.Api.Keys;

namespace Blackwall.Api.Settings;

/// <summary>Who may see the settings, and have them read again.</summary>
internal static class ConfigScopes
{
    public static readonly Scope Read = new("config:read", ScopeUse.Read, "viewer", "operator");
    public static readonly Scope Write = new("config:write", ScopeUse.Change, "operator");
}
