using Blackwall.Api.Keys;

namespace Blackwall.Remediation;

internal static class RemediationScopes
{
    /// <summary>Reads what is kept out, to enforce it elsewhere.</summary>
    public static readonly Scope Read = new("blocks:read", ScopeUse.Read, "viewer", "operator", "siem");
}
