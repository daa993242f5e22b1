using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Service;

/// <summary>The appliance as a service of the machine: what the init system and the package ask of it.</summary>
internal sealed class ServiceFeature : IFeature
{
    public string Name => "service";

    public StartPhase Phase => StartPhase.Api;

    public int FirstLogId => 3200;

    public IReadOnlyList<FeatureVerb> Verbs =>
    [
        new FeatureVerb("handover", HandOverCommand.Usage, arguments => HandOverCommand.RunAsync(arguments, Environment.GetEnvironmentVariables(), Console.Out, Console.Error)),
        new FeatureVerb("check-state", CheckStateCommand.Usage, arguments => Task.FromResult(CheckStateCommand.Run(arguments, Environment.GetEnvironmentVariables(), Console.Out, Console.Error))),
    ];

    public void AddServices(IServiceCollection services, ApplianceConfig config) => services.AddHostedService(s => new ServiceWatch(
        InitSystem.Find(Environment.GetEnvironmentVariables()),
        s.GetRequiredService<IWall>(),
        s.GetServices<IHealthSource>(),
        s.GetServices<RoundCounter>(),
        s.GetRequiredService<IHostApplicationLifetime>(),
        s.GetRequiredService<TimeProvider>(),
        s.GetRequiredService<ILogger<ServiceWatch>>()));
}
