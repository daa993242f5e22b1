namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>What came of an attack. Shares from 0 to 1, of honest peers; the messages are those published while it went on.</summary>
internal sealed record AttackResult
{
    public required string Attack { get; init; }

    public int Messages { get; init; }

    /// <summary>Message and peer pairs that came together.</summary>
    public double Delivered { get; init; }

    /// <summary>The same within two seconds of publication.</summary>
    public double DeliveredInTwoSeconds { get; init; }

    /// <summary>The message that reached the fewest.</summary>
    public double WorstMessage { get; init; }

    /// <summary>Share of honest peers in the attacked peers' meshes when the attack began, and a minute later.</summary>
    public double HonestMeshBefore { get; init; }

    public double HonestMeshAfter { get; init; }

    public TimeSpan Took { get; init; }
}
