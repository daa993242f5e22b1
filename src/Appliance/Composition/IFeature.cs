using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Storage;

namespace Blackwall.Composition;

/// <summary>
/// Everything that one feature brings to the appliance, declared in its own folder. <see cref="FeatureList"/> names each feature once; the
/// appliance, the replay and the tests are composed from that list. A part that a feature does not have, it does not declare.
/// </summary>
internal interface IFeature
{
    /// <summary>Lower case, unique, and for ever: migrations are remembered under it.</summary>
    string Name { get; }

    StartPhase Phase { get; }

    /// <summary>First of its hundred ids of log entries, which mean one thing for ever; 0: it logs nothing of its own.</summary>
    int FirstLogId => 0;

    /// <summary>Its sections of blackwall.toml, with the defaults. Made anew for each call.</summary>
    IReadOnlyList<IConfigSection> Sections => [];

    /// <summary>A sentence for each pair of settings that exclude one another.</summary>
    IReadOnlyList<string> Conflicts(ApplianceConfig config) => [];

    /// <summary>What the files hold that its settings name; asked for by 'check-config' alone.</summary>
    IReadOnlyList<ConfigFinding> CheckFiles(ApplianceConfig config) => [];

    /// <summary>Services: stores, hosted services, health (<see cref="Pipeline.Ports.IHealthSource"/>), counters (<see cref="Pipeline.Ports.IStatsSource"/>).</summary>
    void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        // A feature may consist of sections or verbs alone.
    }

    /// <summary>Stages of the pipeline (<see cref="Pipeline.Stages.IStage"/>); called only where packets are seen, in the order of the list.</summary>
    void AddStages(IServiceCollection services)
    {
        // Most features look at no packets.
    }

    /// <summary>The same stages, and what the board holds at first, for a capture that is replayed in its own time.</summary>
    void AddToReplay(ReplayPlan plan, ApplianceConfig config)
    {
        // Most features look at no packets.
    }

    /// <summary>Endpoints below /api/v1.</summary>
    void MapEndpoints(IEndpointRouteBuilder api)
    {
        // Not every feature has an API.
    }

    /// <summary>Endpoints beside /api/v1.</summary>
    void MapRoot(IEndpointRouteBuilder root)
    {
        // Only what others look for at a place of their own.
    }

    /// <summary>How its bodies are read and written as JSON; null: it has none.</summary>
    IJsonTypeInfoResolver? Json => null;

    /// <summary>What a key may be allowed to do with it.</summary>
    IReadOnlyList<Scope> Scopes => [];

    /// <summary>Closed lists of words that its bodies speak, by the name that they have in the API's document.</summary>
    IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => NoWords;

    /// <summary>Kinds of events that it tells.</summary>
    IReadOnlyList<EventType> Events => [];

    /// <summary>What it counts, for /metrics: each number of its parts of /stats, and whatever else.</summary>
    IReadOnlyList<Metric> Metrics => [];

    /// <summary>Steps of its part of the database, in order.</summary>
    IReadOnlyList<Migration> Migrations => [];

    IReadOnlyList<FeatureVerb> Verbs => [];

    private static readonly IReadOnlyDictionary<string, IReadOnlyCollection<string>> NoWords = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal);
}
