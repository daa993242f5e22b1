using System.Text.Json.Serialization.Metadata;
using Blackwall.Composition;
using Blackwall.Config;

namespace Blackwall.Api;

/// <summary>What all endpoints share: the listener, problems, the document.</summary>
internal sealed class ApiFeature : IFeature
{
    public string Name => "api";

    public StartPhase Phase => StartPhase.Api;

    public int FirstLogId => 2300;

    public IReadOnlyList<Metric> Metrics => ApiMetrics.All;

    public IReadOnlyList<IConfigSection> Sections => [.. ApiOptions.Declare()];

    public IJsonTypeInfoResolver Json => ApiJson.Default;

    public void AddServices(IServiceCollection services, ApplianceConfig config) => services.AddApi();
}
