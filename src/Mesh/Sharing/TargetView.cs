using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;

namespace Blackwall.Mesh.Sharing;

/// <summary>A target and its votes at this moment.</summary>
/// <param name="Value">The target.</param>
/// <param name="Action">What is done.</param>
/// <param name="Until">When that ends by itself.</param>
/// <param name="SeenHere">When our own sensors last saw it.</param>
/// <param name="Votes">Votes for and against it.</param>
/// <param name="Result">What the votes came to when they were last counted.</param>
public sealed record TargetView(IndicatorValue Value, MeshAction Action, DateTimeOffset Until, DateTimeOffset? SeenHere, IReadOnlyList<Vote> Votes, BallotResult Result)
{
    /// <summary>What this sensor says of it; null: nothing.</summary>
    public IndicatorMessage? Own { get; init; }
}
