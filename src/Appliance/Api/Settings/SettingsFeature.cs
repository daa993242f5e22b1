using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Api.Settings;

/// <summary>The configuration as it is in force.</summary>
internal sealed class SettingsFeature : IFeature
{
    public string Name => "settings";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<Scope> Scopes => [ConfigScopes.Read, ConfigScopes.Write];

    public int FirstLogId => 3300;

    public IReadOnlyList<FeatureVerb> Verbs => [new FeatureVerb(SettingsVerb.Name, "settings toml | markdown", SettingsVerb.RunAsync)];

    public IJsonTypeInfoResolver Json => SettingsJson.Default;

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<SettingsReload>();
        services.AddHostedService(s => s.GetRequiredService<SettingsReload>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<SettingsReload>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapConfig();
}
