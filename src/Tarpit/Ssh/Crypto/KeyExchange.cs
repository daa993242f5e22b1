using System.Security.Cryptography;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>The server's half of one key exchange.</summary>
internal abstract class KeyExchange
{
    /// <summary>Hash of the exchange and of key derivation.</summary>
    public abstract HashAlgorithmName Hash { get; }

    /// <summary>The shared secret is a string, not a number, in the hash and in key derivation.</summary>
    public virtual bool SecretIsString => false;

    /// <summary>Public values are numbers (Diffie-Hellman), not strings.</summary>
    public virtual bool ValuesAreNumbers => false;

    /// <summary>Computes our value and the shared secret from the client's value. False: the value is invalid.</summary>
    public abstract bool TryAnswer(ReadOnlySpan<byte> clientValue, out byte[] serverValue, out byte[] secret);

    /// <summary>An exchange by its name; null: the group is asked for first (group exchange).</summary>
    public static KeyExchange? ByName(string name) => name switch
    {
        "sntrup761x25519-sha512@openssh.com" or "sntrup761x25519-sha512" => new HybridExchange(),
        "curve25519-sha256" or "curve25519-sha256@libssh.org" => new Curve25519Exchange(),
        "ecdh-sha2-nistp256" => new EcdhExchange(ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256),
        "ecdh-sha2-nistp384" => new EcdhExchange(ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384),
        "ecdh-sha2-nistp521" => new EcdhExchange(ECCurve.NamedCurves.nistP521, 66, HashAlgorithmName.SHA512),
        "diffie-hellman-group14-sha256" => new GroupExchange(DhGroup.Group14, HashAlgorithmName.SHA256),
        "diffie-hellman-group16-sha512" => new GroupExchange(DhGroup.Group16, HashAlgorithmName.SHA512),
        "diffie-hellman-group18-sha512" => new GroupExchange(DhGroup.Group18, HashAlgorithmName.SHA512),
        _ => null,
    };
}
