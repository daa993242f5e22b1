using Blackwall.Behavior.Settings;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Board;
using Microsoft.Extensions.Options;

namespace Blackwall.Behavior;

/// <summary>What sources do over time: scans, guessing, beacons, tunnels, floods.</summary>
internal sealed class BehaviorFeature : IFeature
{
    public string Name => "behavior";

    public StartPhase Phase => StartPhase.Detection;

    public int FirstLogId => 2400;

    public IReadOnlyList<Metric> Metrics => DetectionMetrics.All;

    public IReadOnlyList<IConfigSection> Sections => [.. DetectionSettings.Declare()];

    public void AddStages(IServiceCollection services) => services.AddDetection(HasTarpit).AddDetectionMemory();

    // No tarpit: nothing in a capture can answer for it, so a proven attacker is dropped.
    public void AddToReplay(ReplayPlan plan, ApplianceConfig config) =>
        plan.Stages.Add(new BehaviorStage(config.Get<DetectionOptions>(), plan.Clock, tarpitConfigured: () => false));

    // A redirect needs somewhere to go.
    private static bool HasTarpit(IServiceProvider services) =>
        services.GetRequiredService<IOptions<BoardOptions>>().Value is { CanRedirect4: true } or { CanRedirect6: true };
}
