using System.Text.Json.Serialization.Metadata;
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

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        api.MapSources();
        api.MapFalsePositives();
    }
}
