namespace Blackwall.Fingerprints;

/// <summary>What kind of program has a fingerprint.</summary>
public enum FingerprintCategory
{
    Browser,

    /// <summary>A TLS or SSH stack that many programs use.</summary>
    Library,

    /// <summary>A program of administrators and scripts.</summary>
    Tool,

    /// <summary>A program that looks for openings.</summary>
    Scanner,

    Malware,
}
