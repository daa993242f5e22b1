namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>What <see cref="YamuxReader.Next"/> found.</summary>
internal enum YamuxPiece
{
    /// <summary>The input is used up.</summary>
    None,
    Header,

    /// <summary>Bytes of the body of the last header.</summary>
    Body,
    Invalid,
}
