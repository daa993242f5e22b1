namespace Blackwall.Fingerprints.Wire;

/// <summary>What a run of bytes is.</summary>
public enum HelloStatus
{
    /// <summary>Not the beginning of a hello, or broken.</summary>
    None,

    /// <summary>The beginning of one.</summary>
    Partial,

    /// <summary>All of one.</summary>
    Whole,
}
