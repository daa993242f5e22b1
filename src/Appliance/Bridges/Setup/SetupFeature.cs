using Blackwall.Composition;

namespace Blackwall.Bridges.Setup;

/// <summary>The first run on a machine.</summary>
internal sealed class SetupFeature : IFeature
{
    public string Name => "setup";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<FeatureVerb> Verbs => [new FeatureVerb("setup-wizard", WizardLine.Usage, Run)];

    private static Task<int> Run(string[] arguments)
    {
        if (WizardLine.TryParse(arguments, out string? misunderstood) is not { } line)
        {
            return Task.FromResult(Startup.Refuse(Startup.BadUsage, [misunderstood!, $"usage: blackwall {WizardLine.Usage}"]));
        }

        SetupWizard wizard = new(
            FeatureList.Sections(FeatureList.All),
            HostSurvey.Interfaces(),
            HostSurvey.Guarded(),
            Console.Out,
            Console.Error,
            Console.IsInputRedirected ? null : Console.In);
        return Task.FromResult(wizard.Run(line));
    }
}
