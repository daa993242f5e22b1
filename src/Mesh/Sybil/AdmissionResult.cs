namespace Blackwall.Mesh.Sybil;

/// <summary>Whether an identity is heard.</summary>
public enum AdmissionResult
{
    Admitted,

    /// <summary>Its proof is being checked; what it says now is not heard.</summary>
    Pending,

    /// <summary>It brings no proof of work, or a wrong one.</summary>
    NoProof,

    /// <summary>Its proof is of another period.</summary>
    WrongPeriod,

    /// <summary>Too many identities of its network came lately.</summary>
    TooMany,
}
