namespace Blackwall.Mesh.Sharing;

/// <summary>What keeps this sensor from others, or others from it.</summary>
public enum MeshTrouble
{
    /// <summary>A configured peer did not answer.</summary>
    Unreachable,

    /// <summary>Another peer answered at the address of a configured one.</summary>
    WrongPeer,

    /// <summary>A configured peer has another swarm key, or one side has none.</summary>
    OtherSwarm,

    /// <summary>A connected peer is of a mesh of another name.</summary>
    OtherMesh,

    /// <summary>A message of a configured peer was refused, because its identity has not done its work.</summary>
    WorkOwed,

    /// <summary>The clock of a member and ours differ by more than is taken.</summary>
    ClockDiffers,

    /// <summary>Another sensor signs with the identity of this one.</summary>
    SameIdentity,

    /// <summary>There was no peer for some minutes.</summary>
    Alone,
}
