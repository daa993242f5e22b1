using Blackwall.Mesh.Indicators;

namespace Blackwall.Mesh.Consensus;

/// <summary>A target is acted on otherwise than before.</summary>
/// <param name="Value">The target.</param>
/// <param name="Before">What was done.</param>
/// <param name="After">What is to be done.</param>
/// <param name="Until">When that ends by itself.</param>
/// <param name="Cause">The votes.</param>
public sealed record TrustDecision(IndicatorValue Value, MeshAction Before, MeshAction After, DateTimeOffset Until, BallotResult Cause);
