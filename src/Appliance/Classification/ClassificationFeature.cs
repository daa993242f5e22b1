using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Classification.Embedded;
using Blackwall.Classification.Ollama;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Storage;

namespace Blackwall.Classification;

/// <summary>What models think of sources that rules leave undecided.</summary>
internal sealed class ClassificationFeature : IFeature
{
    public string Name => "classification";

    public StartPhase Phase => StartPhase.Detection;

    public int FirstLogId => 4200;

    public IReadOnlyList<IConfigSection> Sections => AiOptions.Declare();

    public IJsonTypeInfoResolver Json => ClassificationJson.Default;

    public IReadOnlyList<Scope> Scopes => [ClassificationScopes.Read];

    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        [OpinionWords.CategoryList] = OpinionWords.Categories.Keys,
        [OpinionWords.EffectList] = OpinionWords.Effects,
        [OpinionWords.OutcomeList] = OpinionWords.Outcomes,
        [OpinionWords.ModeList] = OpinionWords.Modes,
        [OpinionWords.StateList] = OpinionWords.States,
    };

    public IReadOnlyList<EventType> Events => [ClassificationEvents.Given];

    public IReadOnlyList<Metric> Metrics => ClassificationMetrics.All;

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(ClassificationFeature), 1, "exchanges")];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton(_ => EmbeddedModel.Shipped());
        services.AddSingleton<CaseQueue>();
        services.AddSingleton<CaseBuilder>();
        services.AddSingleton<ICaseModel, OllamaModel>();
        services.AddSingleton<ITextModel, OllamaText>();
        services.AddSingleton<ExchangeStore>();
        services.AddSingleton<Interview>();
        services.AddSingleton<OpinionActs>();
        services.AddSingleton<OpinionBook>();
        services.AddSingleton<ISourceOpinions>(s => s.GetRequiredService<OpinionBook>());
        services.AddSingleton<ModelDesk>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<ModelDesk>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<ModelDesk>());
        services.AddHostedService(s => s.GetRequiredService<ModelDesk>());
        services.AddEventReader<CaseReader>();
    }

    public void AddStages(IServiceCollection services)
    {
        services.AddSingleton<EmbeddedStage>();
        services.AddSingleton<IStage>(s => s.GetRequiredService<EmbeddedStage>());
        services.AddSingleton<ISourceOpinions>(s => s.GetRequiredService<EmbeddedStage>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapModel();
}
