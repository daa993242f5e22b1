using Blackwall.Config;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;

namespace Blackwall.Composition;

/// <summary>What a capture is replayed with: the features fill it as they fill an appliance, in the order of their list.</summary>
internal sealed class ReplayPlan
{
    /// <summary>What looks at the packets, in this order.</summary>
    public IList<IStage> Stages { get; } = [];

    /// <summary>What is on the board before the first packet.</summary>
    public IList<Action<VerdictBoard>> Rules { get; } = [];

    /// <summary>The time of the capture.</summary>
    public BootClock Clock { get; } = BootClock.Replay();

    /// <summary>What these features bring.</summary>
    public static ReplayPlan From(IEnumerable<IFeature> features, ApplianceConfig config)
    {
        ReplayPlan plan = new();
        foreach (IFeature feature in features)
        {
            feature.AddToReplay(plan, config);
        }

        return plan;
    }
}
