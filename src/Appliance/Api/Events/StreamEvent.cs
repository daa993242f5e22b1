using Blackwall.Pipeline;

namespace Blackwall.Api.Events;

/// <summary>One event: a decision change, evidence, or a wall status.</summary>
internal sealed record StreamEvent(long Sequence, DateTimeOffset Time, object Subject)
{
    /// <summary>It rests on what anybody can forge.</summary>
    public bool IsForgeable => Subject switch
    {
        Evidence evidence => ForgeableShare.IsForgeable(evidence),
        DecisionChange change => ForgeableShare.IsForgeable(change.Decision),
        _ => false,
    };
}
