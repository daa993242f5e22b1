using System.Text.Json.Serialization.Metadata;
using Blackwall.Config;
using Blackwall.Composition;

namespace Blackwall.Inspection;

/// <summary>Requests held against rules that operators can edit.</summary>
internal sealed class InspectionFeature : IFeature
{
    public string Name => "inspection";

    public StartPhase Phase => StartPhase.Detection;

    public IReadOnlyList<IConfigSection> Sections => [.. InspectionOptions.Declare()];

    public IJsonTypeInfoResolver Json => InspectionJson.Default;

    public void AddStages(IServiceCollection services) => services.AddInspection();

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapInspection();
}
