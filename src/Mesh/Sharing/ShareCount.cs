namespace Blackwall.Mesh.Sharing;

/// <summary>What became of messages, counted.</summary>
public enum ShareCount
{
    /// <summary>Ours that were published.</summary>
    Published,

    /// <summary>Ours that nobody was there to hear, and that wait.</summary>
    Waited,

    /// <summary>Of others, and counted as a vote.</summary>
    Accepted,

    /// <summary>A vote that its author took back.</summary>
    Withdrawn,

    /// <summary>Of others, and older than what their author said since of the same target.</summary>
    Superseded,

    Malformed,
    TooLong,
    BadSignature,
    Duplicate,
    Replayed,
    Expired,
    FromTheFuture,

    /// <summary>Two different messages had one counter.</summary>
    Equivocated,

    OverQuota,

    /// <summary>What they name is protected everywhere.</summary>
    Protected,

    /// <summary>What they name is guarded here.</summary>
    GuardedHere,

    /// <summary>Their author is banned, or silenced for an offence.</summary>
    Silenced,

    /// <summary>Their author owes the work of its identity.</summary>
    NoProof,

    /// <summary>Too many new identities of one network, or proofs waited to be checked.</summary>
    NotAdmitted,

    /// <summary>There were heavier votes than there is room for on the target.</summary>
    NoRoom,

    /// <summary>Proofs of equivocation that hold.</summary>
    ProofsTaken,

    /// <summary>Proofs that prove nothing.</summary>
    ProofsRefused,

    /// <summary>Messages that peers gave when they were asked what they know.</summary>
    Synced,

    /// <summary>Parts of model updates that were taken.</summary>
    ModelsTaken,

    /// <summary>Parts of model updates that were refused.</summary>
    ModelsRefused,

    /// <summary>Own messages over the quota that others would grant.</summary>
    OwnOverQuota,
}
