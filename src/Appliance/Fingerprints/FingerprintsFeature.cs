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

    public IReadOnlyList<IConfigSection> Sections => [new ConfigSection<FingerprintOptions>("fingerprints", "How much the fingerprint of a known client counts against its source; a fingerprint alone never blocks.", new FingerprintOptions()).Annotated().LiveExcept("max_sources")];

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

    // Clients are named by what is shipped: the operator's database belongs to the running appliance.
    public void AddToReplay(ReplayPlan plan, ApplianceConfig config)
    {
        FingerprintOptions options = config.Get<FingerprintOptions>();
        FingerprintDatabase database = new(store: null);
        database.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        plan.Stages.Add(new FingerprintStage(new FingerprintBook(Options.Create(options)), database, options, plan.Clock));
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapFingerprints();
}
