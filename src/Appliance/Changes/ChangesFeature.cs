using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Kernel;
using Blackwall.Storage;

namespace Blackwall.Changes;

/// <summary>Changes of the policy: counted first, tried, then confirmed or taken back.</summary>
internal sealed class ChangesFeature : IFeature
{
    public string Name => "changes";

    public StartPhase Phase => StartPhase.Rules;

    public int FirstLogId => 2600;

    public IJsonTypeInfoResolver Json => ChangeJson.Default;

    public IReadOnlyList<Scope> Scopes => [ChangeScopes.Read, ChangeScopes.Write];

    public IReadOnlyList<EventType> Events => [ChangeEvents.Change];

    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        [WordLists.State] = [.. Enum.GetNames<ChangeState>().Select(Api.Contracts.Words.Kebab)],
    };

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(ChangesFeature), 1, "changes", former: 10)];

    public IReadOnlyList<Metric> Metrics => ChangeMetrics.All;

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddChanges(new ModeAtStart(config.Get<NetworkOptions>().Mode, config.Names("network.mode"), config.SourceOf("network.mode") is { } source && !source.Contains(':', StringComparison.Ordinal)));
        services.AddSingleton<ChangeDesk>();
        services.AddHostedService<ChangeWatcher>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapChanges();
}
