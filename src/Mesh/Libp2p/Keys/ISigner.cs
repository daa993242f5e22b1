namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>Makes signatures with one private key.</summary>
internal interface ISigner : IDisposable
{
    /// <summary>The raw public key; see <see cref="PublicKey.Data"/>.</summary>
    byte[] PublicData { get; }

    /// <summary>The private key as libp2p's protobuf form holds it.</summary>
    byte[] PrivateData { get; }

    byte[] Sign(ReadOnlySpan<byte> message);
}
