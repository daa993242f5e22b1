using Blackwall.Api.Keys;

namespace Blackwall.Classification;

/// <summary>Who may see what models think.</summary>
internal static class ClassificationScopes
{
    public static readonly Scope Read = new("model:read", ScopeUse.Read, "viewer", "operator");
}
