using Blackwall.Api.Keys;

namespace Blackwall.Metrics;

/// <summary>Who may read the metrics.</summary>
internal static class MetricsScopes
{
    public static readonly Scope Read = new("metrics:read", ScopeUse.Read, "viewer", "operator", "siem");
}
