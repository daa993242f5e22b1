using Blackwall.Bridges.Tarpit.Improvisation;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Tarpit;

/// <summary>The tarpit: an emulated server for attackers who may be diverted. It starts before the wall, so that no flow is diverted to a closed port.</summary>
internal sealed class TarpitFeature : IFeature
{
    public string Name => "tarpit";

    public StartPhase Phase => StartPhase.Rules;

    public int FirstLogId => 3100;

    public IReadOnlyList<IConfigSection> Sections => [.. TarpitOptions.Declare(), .. ImprovisationOptions.Declare()];

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(ImprovisationStore), 1, "improvisations")];

    public IReadOnlyList<FeatureVerb> Verbs =>
    [
        new FeatureVerb(TarpitVerb.Name, "tarpit (started by the appliance)", TarpitVerb.RunAsync),
        new FeatureVerb("tarpit-launcher", "tarpit-launcher (started by systemd)", _ => Task.FromResult(TarpitVerb.Launch())),
    ];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        TarpitOptions options = config.Get<TarpitOptions>();
        if (!options.Enabled)
        {
            return;
        }

        TarpitListeners.SetTargets(config.Get<KernelOptions>(), config.Get<NetworkOptions>().Interface, options.Port);
        services.AddSingleton<TarpitIdentityFile>();
        services.AddSingleton(s => new VisitorArchive(Path.Combine(s.GetRequiredService<IOptions<StorageOptions>>().Value.StateFolder, "visitors"), (long)options.VisitorsMegabytes << 20, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICredentialCanaries, CanaryWatch>();
        services.AddSingleton<TarpitConnections>();
        services.AddSingleton<TarpitTranslator>();
        services.AddSingleton<ImprovisationStore>();
        services.AddSingleton<ImprovisationDesk>();
        services.AddSingleton<TarpitSupervisor>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<TarpitSupervisor>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<TarpitSupervisor>());
        services.AddHostedService(s => s.GetRequiredService<TarpitSupervisor>());
    }
}
