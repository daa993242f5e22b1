using Blackwall.Composition;

namespace Blackwall.Ctl;

/// <summary>The operator's command line, a client of the API.</summary>
internal sealed class CtlFeature : IFeature
{
    public string Name => "ctl";

    public StartPhase Phase => StartPhase.Api;

    public IReadOnlyList<FeatureVerb> Verbs =>
    [
        new FeatureVerb("ctl", "ctl VERB [options]", arguments => CtlTool.RunAsync(arguments, Console.Out, Console.Error, Console.IsInputRedirected ? null : Console.In, CancellationToken.None)),
    ];
}
