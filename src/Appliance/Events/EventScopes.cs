using Blackwall.Api.Keys;

namespace Blackwall.Events;

/// <summary>Who may follow what happens.</summary>
internal static class EventScopes
{
    public static readonly Scope Read = new("events:read", ScopeUse.Read, "viewer", "operator", "siem");
}
