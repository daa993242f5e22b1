using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Licenses;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Licensing;

/// <summary>Licences: signed files, checked without a network. They add to what the appliance does for others and never stop what it does to protect.</summary>
internal sealed class LicensingFeature : IFeature
{
    public string Name => "licensing";

    public StartPhase Phase => StartPhase.Rules;

    public IReadOnlyList<IConfigSection> Sections => LicenseOptions.Declare();

    public IJsonTypeInfoResolver Json => LicenseJson.Default;

    public IReadOnlyList<Metric> Metrics =>
    [
        Metric.Observed(MetricType.Gauge, "blackwall.license.tier", "{tier}", "Tier of the licence: 0 Basic, 1 Professional, 2 Enterprise, 3 NationalSecurity.", scrape => [Metric.Value((int)scrape.Services.GetRequiredService<ILicense>().Tier)]),
        Metric.Observed(MetricType.Gauge, "blackwall.license.grace", "{license}", "1 while an expired licence still counts.", scrape => [Metric.Value(scrape.Services.GetRequiredService<ILicense>().GraceEnds is null ? 0 : 1)]),
    ];

    public IReadOnlyList<FeatureVerb> Verbs => [new FeatureVerb("license", LicenseTool.Usage, LicenseTool.RunAsync)];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton(LicenseKeys.Compiled());
        services.AddSingleton<LicenseClock>();
        services.AddSingleton<LicenseBook>();
        services.AddSingleton<ILicense>(s => s.GetRequiredService<LicenseBook>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<LicenseBook>());
        services.AddHostedService(s => s.GetRequiredService<LicenseBook>());
        services.AddSingleton<RequestMeter>();
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapLicense();
}
