using Blackwall.Api.Keys;

namespace Blackwall.Sources;

/// <summary>What may be seen of sources.</summary>
internal static class SourceScopes
{
    public static readonly Scope Read = new("sources:read", ScopeUse.Read, "viewer", "operator", "siem");
}
