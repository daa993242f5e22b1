using Blackwall.Api.Keys;

namespace Blackwall.Capture;

/// <summary>Captures hold payload of people; no read-only role includes them.</summary>
internal static class CaptureScopes
{
    public static readonly Scope Read = new("captures:read", ScopeUse.ReadRecorded, "operator");
    public static readonly Scope Write = new("captures:write", ScopeUse.Change, "operator");
}
