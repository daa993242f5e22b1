namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>Checks signatures of one public key.</summary>
internal interface ISignatureVerifier
{
    /// <summary>Never throws on input.</summary>
    bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
