using System.Text.Json.Serialization.Metadata;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;
using Microsoft.Extensions.Options;

namespace Blackwall.Inspection;

/// <summary>Requests held against rules that operators can edit.</summary>
internal sealed class InspectionFeature : IFeature
{
    public string Name => "inspection";

    public StartPhase Phase => StartPhase.Detection;

    public IReadOnlyList<Metric> Metrics => InspectionMetrics.All;

    public IReadOnlyList<IConfigSection> Sections => [.. InspectionOptions.Declare()];

    public IJsonTypeInfoResolver Json => InspectionJson.Default;

    public void AddStages(IServiceCollection services)
    {
        services.AddSingleton(s => new InspectionStage(s.GetRequiredService<IOptions<InspectionOptions>>().Value, s.GetRequiredService<BootClock>()) { Canaries = s.GetService<ICredentialCanaries>() });
        services.AddSingleton<IStage>(s => s.GetRequiredService<InspectionStage>());
        services.AddSingleton<IReloadable>(s => s.GetRequiredService<InspectionStage>());
        services.AddSingleton<IStatsSource, InspectionCounters>();
    }

    public void AddToReplay(ReplayPlan plan, ApplianceConfig config) => plan.Stages.Add(new InspectionStage(config.Get<InspectionOptions>(), plan.Clock));

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapInspection();
}
