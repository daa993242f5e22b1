using Blackwall.Composition;

namespace Blackwall.Replay;

/// <summary>Captures through the kernel programs and the detection, in the capture's own time.</summary>
internal sealed class ReplayFeature : IFeature
{
    public string Name => "replay";

    public StartPhase Phase => StartPhase.Detection;

    public IReadOnlyList<FeatureVerb> Verbs =>
    [
        new FeatureVerb(
            "replay",
            "replay FILE [--json] [--packets] [--local PREFIX]... [--config FILE] [--set SECTION.KEY=VALUE]...",
            arguments => Task.FromResult(ReplayCommand.Run(arguments, Environment.GetEnvironmentVariables(), Console.OpenStandardOutput(), Console.Error))),
    ];
}
