using System.Globalization;
using Blackwall.Lab.Edge;

namespace Blackwall.Lab.Story;

/// <summary>What an assault came to.</summary>
/// <param name="Decision">The decision it was waited for; null when none came.</param>
/// <param name="Enforced">By when the kernel acted on it; null: not in time.</param>
/// <param name="Sent">When each packet arrived before the wall.</param>
/// <param name="Passed">When each packet arrived behind it.</param>
/// <param name="ConnectedAfterwards">The source could still open a connection.</param>
public sealed record AssaultReport(DecisionView? Decision, DateTimeOffset? Enforced, IReadOnlyList<DateTimeOffset> Sent, IReadOnlyList<DateTimeOffset> Passed, bool ConnectedAfterwards)
{
    public long SentAfterBlock => Sent.Count(t => t > Enforced);

    public long PassedAfterBlock => Enforced is null ? Passed.Count : Passed.Count(t => t > Enforced);

    /// <summary>From the evidence that decided it to the last packet that still came through.</summary>
    public TimeSpan Late => Decision is null || Passed.Count == 0 || Passed[^1] < Decision.Since ? TimeSpan.Zero : Passed[^1] - Decision.Since;

    /// <summary>From the first packet before the wall to the decision; in words.</summary>
    public string TimeToBlock => Decision is null || Sent.Count == 0
        ? "never"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (Decision.Since - Sent[0]).TotalMilliseconds):0} ms");
}
