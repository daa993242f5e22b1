using Blackwall.Api.Keys;

namespace Blackwall.Api.Settings;

/// <summary>Who may see the settings.</summary>
internal static class ConfigScopes
{
    public static readonly Scope Read = new("config:read", ScopeUse.Read, "viewer", "operator");
}
