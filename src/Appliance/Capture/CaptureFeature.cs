using System.Text.Json.Serialization.Metadata;
using Blackwall.Api;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Kernel;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Capture;

/// <summary>Packets of flagged sources, kept as files.</summary>
internal sealed class CaptureFeature : IFeature
{
    public string Name => "capture";

    public StartPhase Phase => StartPhase.Detection;

    public int FirstLogId => 2500;

    public IReadOnlyList<Metric> Metrics => CaptureMetrics.All;

    /// <summary>Name of the list of causes in the API's document.</summary>
    public const string CauseWords = "CaptureCause";

    /// <summary>Name of the list of what happens to captures.</summary>
    public const string ChangeWords = "CaptureChange";

    public IReadOnlyList<IConfigSection> Sections => [.. CaptureOptions.Declare()];

    public IJsonTypeInfoResolver Json => CaptureJson.Default;

    public IReadOnlyList<Scope> Scopes => [CaptureScopes.Read, CaptureScopes.Write];

    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        [CauseWords] = [CaptureRecord.ByDecision, CaptureRecord.ByOperator],
        [ChangeWords] = [CaptureEventBody.Started, CaptureEventBody.Ended, CaptureEventBody.Deleted],
    };

    public IReadOnlyList<EventType> Events => [CaptureEvents.Moved];

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(CaptureFeature), 1, "captures", former: 30)];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton(s => new CaptureSite(
            s.GetRequiredService<IOptions<NetworkOptions>>().Value.Interface,
            (ushort)s.GetRequiredService<IOptions<ApiOptions>>().Value.Listen.Port));
        services.AddSingleton<CaptureStore>();
        services.AddSingleton<IStoreRider>(s => s.GetRequiredService<CaptureStore>());
        services.AddSingleton<CaptureFolder>();
        services.AddSingleton<CaptureArchive>();
        services.AddSingleton<CaptureInbox>();
        services.AddSingleton<IDecisionObserver>(s => s.GetRequiredService<CaptureInbox>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<CaptureInbox>());
        services.AddSingleton<IStage, SuspectStage>();
        services.AddSingleton<CaptureBook>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<CaptureBook>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<CaptureBook>());
        services.AddHostedService<CaptureWorker>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapCaptures();
}
