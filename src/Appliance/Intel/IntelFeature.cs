using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Intel.Misp;
using Blackwall.Intel.Taxii;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Intel;

/// <summary>What this appliance knows of attackers, for others: STIX 2.1 objects served by TAXII 2.1, and what partners add.</summary>
internal sealed class IntelFeature : IFeature
{
    public string Name => "intel";

    public StartPhase Phase => StartPhase.Detection;

    public IReadOnlyList<IConfigSection> Sections => IntelOptions.Declare();

    public IReadOnlyList<Scope> Scopes => [IntelScopes.Read, IntelScopes.Write];

    public IReadOnlyList<Metric> Metrics => IntelMetrics.All;

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(IntelFeature), 1, "intel"), Migration.Embedded(typeof(IntelFeature), 2, "intel2"), Migration.Embedded(typeof(IntelFeature), 3, "intel3")];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<IntelBook>();
        services.AddSingleton<SharingGuard>();
        services.AddSingleton<IndicatorNames>();
        services.AddSingleton<IIndicatorNames>(s => s.GetRequiredService<IndicatorNames>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<IntelBook>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<IntelBook>());
        services.AddSingleton<StixObjectStore>();
        services.AddSingleton<PartnerClaims>();
        services.AddSingleton<IndicatorDayStore>();
        services.AddSingleton<IndicatorDays>();
        services.AddHostedService<IntelStart>();
        services.AddEventReader<IntelReader>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        api.MapStixFeed();
        api.MapMisp();
    }

    public void MapRoot(IEndpointRouteBuilder root) => root.MapTaxii();
}
