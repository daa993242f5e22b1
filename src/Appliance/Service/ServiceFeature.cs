using Blackwall.Composition;

namespace Blackwall.Service;

/// <summary>The appliance as a service of the machine: what the init system and the package ask of it.</summary>
internal sealed class ServiceFeature : IFeature
{
    public string Name => "service";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<FeatureVerb> Verbs =>
    [
        new FeatureVerb("handover", HandOverCommand.Usage, arguments => HandOverCommand.RunAsync(arguments, Environment.GetEnvironmentVariables(), Console.Out, Console.Error)),
    ];
}
