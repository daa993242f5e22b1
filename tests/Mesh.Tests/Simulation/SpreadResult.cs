namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>What came of a <see cref="SpreadScene"/>. Times in milliseconds, shares from 0 to 1; all of honest peers.</summary>
internal sealed record SpreadResult
{
    public int Messages { get; init; }

    /// <summary>By when 99 % had the message, for the middle one of all messages.</summary>
    public int MedianTime99 { get; init; }

    /// <summary>The same for the slowest message.</summary>
    public int WorstTime99 { get; init; }

    public double Coverage { get; init; }

    public double WorstCoverage { get; init; }

    public double CopiesPerNode { get; init; }

    /// <summary>How often an honest peer's score of another honest peer is negative at the end.</summary>
    public int HonestBelowZero { get; init; }

    /// <summary>Share of honest peers in honest peers' meshes at the end.</summary>
    public double HonestInMeshes { get; init; }

    public long Events { get; init; }

    public TimeSpan Took { get; init; }
}
