using Blackwall.Api.Keys;

namespace Blackwall.Notifications;

/// <summary>Who may see how notifications go, and send a test.</summary>
internal static class NotifyScopes
{
    public static readonly Scope Read = new("notifications:read", ScopeUse.Read, "viewer", "operator");
    public static readonly Scope Write = new("notifications:write", ScopeUse.Change, "operator");
}
