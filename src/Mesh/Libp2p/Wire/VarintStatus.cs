namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>What <see cref="Varint.Read"/> found.</summary>
public enum VarintStatus
{
    Whole,

    /// <summary>The input ends before the integer does.</summary>
    Incomplete,

    /// <summary>Longer than 9 bytes, or not in its shortest form.</summary>
    Invalid,
}
