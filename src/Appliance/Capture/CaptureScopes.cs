using Blackwall.Api.Keys;

namespace Blackwall.Capture;

/// <summary>Captures hold what people sent; no role that only looks on has them.</summary>
internal static class CaptureScopes
{
    public static readonly Scope Read = new("captures:read", ScopeUse.ReadRecorded, "operator");
    public static readonly Scope Write = new("captures:write", ScopeUse.Change, "operator");
}
