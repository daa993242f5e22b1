namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>Kinds of identity keys, numbered as on the wire.</summary>
public enum KeyType
{
    Rsa = 0,
    Ed25519 = 1,
    Secp256k1 = 2,
    Ecdsa = 3,
}
