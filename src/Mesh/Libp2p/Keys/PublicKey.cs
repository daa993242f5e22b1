using Blackwall.Mesh.Libp2p.Wire;
using Google.Protobuf;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>The public half of an identity.</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>The longest encoded key that is accepted, in bytes: RSA of 8,192 bits takes 1,070.</summary>
    public const int MaxLength = 1200;

    private static readonly MessageParser<PublicKeyMessage> Parser = PublicKeyMessage.Parser.WithDiscardUnknownFields(true);
    private readonly byte[] _encoded;
    private readonly ISignatureVerifier _verifier;

    private PublicKey(KeyType type, byte[] data, byte[] encoded, ISignatureVerifier verifier)
    {
        Type = type;
        Data = data;
        _encoded = encoded;
        _verifier = verifier;
    }

    public KeyType Type { get; }

    /// <summary>32 bytes (Ed25519), 33 bytes compressed (secp256k1), or SubjectPublicKeyInfo in DER (RSA, ECDSA).</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The protobuf form, from which the peer id is made.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>Reads the protobuf form. Only the one canonical encoding is accepted, for the peer id is its hash.</summary>
    public static PublicKey? TryDecode(ReadOnlySpan<byte> encoded, out string? error)
    {
        if (encoded.Length is 0 or > MaxLength)
        {
            error = $"a public key of {encoded.Length} bytes; 1 to {MaxLength} are allowed";
            return null;
        }

        PublicKeyMessage message;
        try
        {
            message = Parser.ParseFrom(encoded);
        }
        catch (InvalidProtocolBufferException)
        {
            error = "the public key is no protobuf message";
            return null;
        }

        if (!message.HasType || !message.HasData || !message.ToByteArray().AsSpan().SequenceEqual(encoded))
        {
            error = "the public key is not in its canonical encoding";
            return null;
        }

        return TryCreate((KeyType)message.Type, message.Data.Span, out error);
    }

    /// <summary>Makes a key of its raw form; see <see cref="Data"/>.</summary>
    public static PublicKey? TryCreate(KeyType type, ReadOnlySpan<byte> data, out string? error)
    {
        ISignatureVerifier? verifier = type switch
        {
            KeyType.Ed25519 => Ed25519Verifier.TryCreate(data),
            KeyType.Secp256k1 => Secp256k1Verifier.TryCreate(data),
            KeyType.Rsa => RsaVerifier.TryCreate(data),
            KeyType.Ecdsa => EcdsaVerifier.TryCreate(data),
            _ => null,
        };
        if (verifier is null)
        {
            error = Enum.IsDefined(type) ? $"no valid {type} public key" : $"unknown key type {(int)type}";
            return null;
        }

        error = null;
        byte[] encoded = new PublicKeyMessage { Type = (KeyKind)type, Data = ByteString.CopyFrom(data) }.ToByteArray();
        return new PublicKey(type, data.ToArray(), encoded, verifier);
    }

    /// <summary>Whether the owner of this key signed <paramref name="message"/>. Never throws on input.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _verifier.Verify(message, signature);

    public bool Equals(PublicKey? other) => other is not null && _encoded.AsSpan().SequenceEqual(other._encoded);

    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_encoded);
        return hash.ToHashCode();
    }
}
