using Blackwall.Api.Keys;

namespace Blackwall.Feeds;

internal static class FeedScopes
{
    public static readonly Scope Read = new("feeds:read", ScopeUse.Read, "viewer", "operator");

    public static readonly Scope Write = new("feeds:write", ScopeUse.Change, "operator");
}
