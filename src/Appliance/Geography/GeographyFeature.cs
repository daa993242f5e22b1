using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Geography;

/// <summary>Country and network of addresses, from databases that the operator has.</summary>
internal sealed class GeographyFeature : IFeature
{
    public string Name => "geography";

    public StartPhase Phase => StartPhase.Rules;

    public IReadOnlyList<IConfigSection> Sections => GeographyOptions.Declare();

    public IReadOnlyList<ConfigFinding> CheckFiles(ApplianceConfig config)
    {
        GeographyOptions options = config.Get<GeographyOptions>();
        List<ConfigFinding> findings = [];
        foreach (string path in new[] { options.CountryFile, options.AsnFile }.Where(path => path.Length > 0))
        {
            using PlaceDatabase database = new(path);
            findings.Add(new ConfigFinding(database.Fault ?? $"Read {path}.", IsError: database.Fault is not null));
        }

        return findings;
    }

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<Places>();
        services.AddHostedService(s => s.GetRequiredService<Places>());
        services.AddSingleton<IPlaces>(s => s.GetRequiredService<Places>());
        services.AddSingleton<IReloadable>(s => s.GetRequiredService<Places>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<Places>());
    }
}
