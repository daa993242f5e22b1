using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Fingerprints;

/// <summary>Fingerprints of TLS, QUIC, SSH and TCP clients, and the database that names them.</summary>
internal sealed class FingerprintsFeature : IFeature
{
    public string Name => "fingerprints";

    public StartPhase Phase => StartPhase.Rules;

    public IReadOnlyList<IConfigSection> Sections => [new ConfigSection<FingerprintOptions>("fingerprints", new FingerprintOptions()).Annotated()];

    public IJsonTypeInfoResolver Json => FingerprintBodyJson.Default;

    public IReadOnlyList<Scope> Scopes => [FingerprintScopes.Read, FingerprintScopes.Write];

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(FingerprintsFeature), 1, "fingerprints", former: 20)];

    public IReadOnlyList<Metric> Metrics => FingerprintMetrics.All;

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<FingerprintStore>();
        services.AddSingleton(s => new FingerprintDatabase(s.GetRequiredService<FingerprintStore>()));
        services.AddHostedService(s => s.GetRequiredService<FingerprintDatabase>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<FingerprintDatabase>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<FingerprintDatabase>());
        services.AddSingleton<FingerprintBook>();
        services.AddSingleton<ISourceClients, NamedClients>();
    }

    public void AddStages(IServiceCollection services)
    {
        services.AddSingleton(s => new FingerprintStage(
            s.GetRequiredService<FingerprintBook>(),
            s.GetRequiredService<FingerprintDatabase>(),
            s.GetRequiredService<IOptions<FingerprintOptions>>().Value,
            s.GetRequiredService<BootClock>()));
        services.AddSingleton<IStage>(s => s.GetRequiredService<FingerprintStage>());
        services.AddSingleton<IStatsSource, FingerprintCounters>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapFingerprints();
}
