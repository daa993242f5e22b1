using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Composition;

namespace Blackwall.Sources;

/// <summary>Everything that is known of one address.</summary>
internal sealed class SourcesFeature : IFeature
{
    public string Name => "sources";

    public StartPhase Phase => StartPhase.Api;

    public IJsonTypeInfoResolver Json => SourceJson.Default;

    public IReadOnlyList<Scope> Scopes => [SourceScopes.Read];

    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Words => new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal)
    {
        [WordLists.Phase] = SourceListEndpoint.Phases,
        [WordLists.SourceOrder] = SourceListEndpoint.OrderWords,
    };

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        api.MapSourceList();
        api.MapSources();
        api.MapFalsePositives();
    }
}
