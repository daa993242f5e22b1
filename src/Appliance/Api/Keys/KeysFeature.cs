using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Api.Keys;

/// <summary>Who may do what.</summary>
internal sealed class KeysFeature : IFeature
{
    public string Name => "keys";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<Metric> Metrics => KeyMetrics.All;

    public IReadOnlyList<Scope> Scopes => [KeyScopes.Read, KeyScopes.Write];

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(KeysFeature), 1, "scoped_keys", former: 11)];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<KeyStore>();
        services.AddSingleton<AdminKeyFile>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<KeyRing>());
        services.AddHostedService(s => s.GetRequiredService<KeyRing>());
        services.AddSingleton<IReloadable>(s => s.GetRequiredService<KeyRing>());
        services.AddSingleton<FailedKeys>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<FailedKeys>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapKeys();
}
