using Blackwall.Api.Keys;
using Blackwall.Composition;

namespace Blackwall.Api.Settings;

/// <summary>The configuration as it is in force.</summary>
internal sealed class SettingsFeature : IFeature
{
    public string Name => "settings";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<Scope> Scopes => [ConfigScopes.Read];

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapConfig();
}
