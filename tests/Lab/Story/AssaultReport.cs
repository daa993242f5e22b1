using System.Globalization;
using Blackwall.Lab.Edge;

namespace Blackwall.Lab.Story;

/// <summary>What an assault came to.</summary>
/// <param name="Decision">The decision it was waited for; null when none came.</param>
/// <param name="Sent">When each packet arrived before the wall.</param>
/// <param name="Passed">When each packet arrived behind it.</param>
/// <param name="ConnectedAfterwards">The source could still open a connection.</param>
public sealed record AssaultReport(DecisionView? Decision, IReadOnlyList<DateTimeOffset> Sent, IReadOnlyList<DateTimeOffset> Passed, bool ConnectedAfterwards)
{
    public long SentAfterBlock => Decision is null ? 0 : Sent.Count(t => t > Decision.Since + Assault.Settling);

    public long PassedAfterBlock => Decision is null ? Passed.Count : Passed.Count(t => t > Decision.Since + Assault.Settling);

    /// <summary>From the first packet before the wall to the decision; in words.</summary>
    public string TimeToBlock => Decision is null || Sent.Count == 0
        ? "never"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (Decision.Since - Sent[0]).TotalMilliseconds):0} ms");
}
