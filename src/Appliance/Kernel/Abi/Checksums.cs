namespace Blackwall.Kernel.Abi;

/// <summary>Which TCP checksums are right; <c>enum bw_checksums</c> in bpf/abi.h.</summary>
public enum Checksums : ushort
{
    /// <summary>As RFC 9293 §3.1 says.</summary>
    Whole = 0,

    /// <summary>Or only the pseudo header's sum, which a local sender leaves to the device of a virtual link.</summary>
    Partial = 1,

    /// <summary>They are not looked at.</summary>
    Any = 2,
}
