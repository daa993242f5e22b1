namespace Blackwall.Mesh.Consensus;

/// <summary>What became of a message that was genuine.</summary>
public enum TrustOutcome
{
    /// <summary>It counts as its author's vote.</summary>
    Counted,

    /// <summary>An earlier vote of its author was taken back.</summary>
    Withdrawn,

    /// <summary>Its author said something later of the same target, which was heard before.</summary>
    Superseded,

    /// <summary>It is protected everywhere: its author is silenced for it.</summary>
    Protected,

    /// <summary>It is guarded here, which its author could not know.</summary>
    GuardedHere,

    /// <summary>There is no room on the target for so light a vote.</summary>
    NoRoom,

    /// <summary>Its author is silenced.</summary>
    Silenced,
}
