using System.Text.Json.Serialization.Metadata;
using Blackwall.Api;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Blackwall.Tests.Composition;

/// <summary>A feature that brings one of each thing that a feature can bring: what a new one looks like.</summary>
internal sealed class SampleFeature : IFeature
{
    public static readonly Scope Read = new("samples:read", ScopeUse.Read, "viewer");

    public static readonly EventType Taken = EventType.For<SampleBody>("sample", SampleJson.Default.SampleBody);

    public string Name => "sample";

    public StartPhase Phase => StartPhase.Detection;

    public IReadOnlyList<IConfigSection> Sections => [new ConfigSection<SampleOptions>("sample", "A sample.", new SampleOptions()).Integer("size", "Things.", 1, 10, o => o.Size, (o, size) => o.Size = (int)size)];

    public IJsonTypeInfoResolver Json => SampleJson.Default;

    public IReadOnlyList<Scope> Scopes => [Read];

    public IReadOnlyList<EventType> Events => [Taken];

    public IReadOnlyList<Metric> Metrics => [Metric.Counter("blackwall.sample.taken", "{sample}", "Samples that were taken.", "sample", "taken")];

    public IReadOnlyList<Migration> Migrations => [new Migration(1, "CREATE TABLE sample (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")];

    public IReadOnlyList<FeatureVerb> Verbs => [new FeatureVerb("sample", "sample", _ => Task.FromResult(7))];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<SampleStore>();
        services.AddSingleton<SampleCounters>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<SampleCounters>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<SampleCounters>());
    }

    public void AddStages(IServiceCollection services) => services.AddSingleton<IStage, SampleStage>();

    public void AddToReplay(ReplayPlan plan, ApplianceConfig config) => plan.Stages.Add(new SampleStage());

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapGet("/samples", TakeAsync).WithName("takeSample").Needs(Read).Produces<SampleBody>();

    private static async Task<Microsoft.AspNetCore.Http.HttpResults.Ok<SampleBody>> TakeAsync(SampleStore store, SampleCounters counters, EventLog log, Microsoft.Extensions.Options.IOptions<SampleOptions> options)
    {
        await store.AddAsync("taken");
        counters.Count();
        SampleBody body = new(options.Value.Size, store.Rows());
        log.Add(Taken, body);
        return TypedResults.Ok(body);
    }
}
