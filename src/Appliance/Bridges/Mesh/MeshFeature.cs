using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Peer;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Bridges.Mesh;

/// <summary>The mesh of sensors: what one sees, all know; and its diagnostic peer.</summary>
internal sealed class MeshFeature : IFeature
{
    public const string ModeWords = "MeshMode";
    public const string ActionWords = "MeshAction";
    public const string KindWords = "MeshIndicatorKind";
    public const string EvidenceWords = "MeshEvidence";
    public const string SaysWords = "MeshSays";

    /// <summary>Kinds of indicators by their words.</summary>
    public static IReadOnlyDictionary<string, IndicatorKind> Kinds { get; } = Enum.GetValues<IndicatorKind>().ToDictionary(kind => Api.Contracts.Words.Kebab($"{kind}"), StringComparer.Ordinal);

    public string Name => "mesh";

    public StartPhase Phase => StartPhase.Api;

    public int FirstLogId => 3900;

    public IReadOnlyList<IConfigSection> Sections => MeshOptions.Declare();

    public IJsonTypeInfoResolver Json => MeshJson.Default;

    public IReadOnlyList<Scope> Scopes => [MeshScopes.Read, MeshScopes.Write];

    public IReadOnlyList<EventType> Events => [MeshEvents.Moved, MeshEvents.Offence];

    public IReadOnlyList<Metric> Metrics => MeshMetrics.All;

    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        [ModeWords] = WordsOf<MeshMode>(),
        [ActionWords] = WordsOf<MeshAction>(),
        [KindWords] = [.. Kinds.Keys],
        [EvidenceWords] = WordsOf<EvidenceLevel>(),
        [SaysWords] = WordsOf<MessageKind>(),
    };

    public IReadOnlyList<FeatureVerb> Verbs => [new FeatureVerb("mesh", "mesh peer [options]", arguments => MeshCommand.RunAsync(arguments, StandardOutput.Open(), Console.Error))];

    public IReadOnlyList<ConfigFinding> CheckFiles(ApplianceConfig config) => MeshFiles.Check(config.Get<MeshOptions>(), config.Get<StorageOptions>().StateFolder);

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<MeshClaims>();
        services.AddSingleton<MeshPeersGuard>();
        services.AddSingleton<IGuardSource>(s => s.GetRequiredService<MeshPeersGuard>());
        services.AddSingleton<MeshLink>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<MeshLink>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<MeshLink>());
        services.AddHostedService(s => s.GetRequiredService<MeshLink>());
        services.AddEventReader<MeshReader>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapMesh();

    private static string[] WordsOf<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetNames<TEnum>().Select(Api.Contracts.Words.Kebab)];
}
