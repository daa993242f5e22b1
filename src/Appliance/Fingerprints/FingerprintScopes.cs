using Blackwall.Api.Keys;

namespace Blackwall.Fingerprints;

/// <summary>What may be done with the fingerprint database.</summary>
internal static class FingerprintScopes
{
    public static readonly Scope Read = new("fingerprints:read", ScopeUse.Read, "viewer", "operator");
    public static readonly Scope Write = new("fingerprints:write", ScopeUse.Change, "operator");
}
