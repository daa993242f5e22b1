namespace Blackwall.Mesh.Consensus;

/// <summary>What the votes on a target come to; harder is later.</summary>
public enum MeshAction
{
    None,

    /// <summary>It is told and nothing more.</summary>
    Log,

    /// <summary>Its new flows are questioned and held to a limit.</summary>
    RateLimit,

    /// <summary>Its new flows go to the emulated server.</summary>
    Tarpit,

    /// <summary>It is kept out. Only where our own sensors saw it too.</summary>
    Block,
}
