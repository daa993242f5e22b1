using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Kernel.Abi;

namespace Blackwall.Health;

/// <summary>How the appliance is, and what it counted.</summary>
internal sealed class HealthFeature : IFeature
{
    public string Name => "health";

    public StartPhase Phase => StartPhase.Api;

    public int FirstLogId => 3500;

    public IJsonTypeInfoResolver Json => HealthJson.Default;

    public IReadOnlyList<Scope> Scopes => [HealthScopes.Read];

    public IReadOnlyList<EventType> Events => [HealthEvents.Status, HealthEvents.Fault];

    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        [WordLists.Health] = ["live", "ready", "degraded", "starting"],
        [WordLists.Mode] = [.. Enum.GetNames<EnforcementMode>().Select(Api.Contracts.Words.Kebab)],
    };

    public void AddServices(IServiceCollection services, ApplianceConfig config) => services.AddHostedService<StatusWatcher>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        api.MapStats();
        api.MapHealth();
    }
}
